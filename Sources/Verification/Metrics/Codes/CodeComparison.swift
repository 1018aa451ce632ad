import Glibc

/// Codes of a residual quantiser: one row of entry indices a codebook.
public struct CodeArray: Sendable, Equatable {
    /// Row-major (codebook, frame).
    public let values: [Int32]
    /// Rows.
    public let codebookCount: Int
    /// Columns.
    public let frameCount: Int

    /// Wraps codes.
    ///
    /// - Parameters:
    ///   - values: Row-major, `codebookCount` times `frameCount` of them.
    ///   - codebookCount: Rows, at least 0.
    ///   - frameCount: Columns, at least 0.
    public init(_ values: [Int32], codebookCount: Int, frameCount: Int) {
        precondition(
            codebookCount >= 0 && frameCount >= 0 && codebookCount * frameCount == values.count,
            "\(values.count) codes are not \(codebookCount) x \(frameCount)")
        self.values = values
        self.codebookCount = codebookCount
        self.frameCount = frameCount
    }

    /// The codes of one codebook.
    func row(_ codebook: Int) -> ArraySlice<Int32> { values[codebook * frameCount..<(codebook + 1) * frameCount] }
}

/// How far two code arrays agree.
public struct CodeComparison: Sendable {
    /// One entry a metric, as of an audio panel.
    public let entries: [MetricReport.Entry]

    /// Compares two arrays.
    ///
    /// Matching: share of equal codes of all, and of each codebook in the details; share of frames equal in all
    /// codebooks; the first frame that differs (in order of time), as a share of all. Usage and entropy describe the
    /// test array alone: mean over codebooks of the share of entries used, and of the entropy in bits.
    ///
    /// - Parameters:
    ///   - reference: The codes expected.
    ///   - test: The codes judged; another shape makes every entry answer with a reason.
    ///   - entryCount: Entries of a codebook, 1 or more; a code outside 0 ..< entryCount is a failure.
    public init(reference: CodeArray, test: CodeArray, entryCount: Int = 1024) {
        let shapes = ([reference.codebookCount, reference.frameCount], [test.codebookCount, test.frameCount])
        let problem = Self.problem(reference, test, shapes, entryCount)
        func entry(_ metric: MetricDescriptor, _ compute: () -> Measurement) -> MetricReport.Entry {
            MetricReport.Entry(metric: metric, result: problem ?? .value(compute()))
        }
        entries = [
            entry(Self.matchRate) { Self.matches(reference, test) },
            entry(Self.frameMatchRate) { Self.frameMatches(reference, test) },
            entry(Self.divergence) { Self.firstDivergence(reference, test) },
            entry(Self.usage) { Self.usage(test, entryCount) },
            entry(Self.entropy) { Self.entropy(test, entryCount) },
        ]
    }

    private static func problem(
        _ reference: CodeArray, _ test: CodeArray, _ shapes: ([Int], [Int]), _ entryCount: Int
    ) -> MetricResult? {
        if shapes.0 != shapes.1 { return .notApplicable(.shapesDiffer(reference: shapes.0, test: shapes.1)) }
        if reference.values.isEmpty { return .notApplicable(.tooShort(sampleCount: 0, needed: 1)) }
        for array in [reference, test] {
            if let wrong = array.values.first(where: { $0 < 0 || Int($0) >= entryCount }) {
                return .failed(.outOfRange(Double(wrong)))
            }
        }
        return nil
    }

    private static func matches(_ a: CodeArray, _ b: CodeArray) -> Measurement {
        let counts = (0..<a.codebookCount).map { book in zip(a.row(book), b.row(book)).count { $0 == $1 } }
        let details = counts.enumerated().map { ("codebook_\($0)", Double($1) / Double(a.frameCount)) }
        return Measurement(Double(counts.reduce(0, +)) / Double(a.values.count), details: details)
    }

    private static func isEqual(_ a: CodeArray, _ b: CodeArray, frame: Int) -> Bool {
        (0..<a.codebookCount).allSatisfy { a.values[$0 * a.frameCount + frame] == b.values[$0 * a.frameCount + frame] }
    }

    private static func frameMatches(_ a: CodeArray, _ b: CodeArray) -> Measurement {
        Measurement(Double((0..<a.frameCount).count { isEqual(a, b, frame: $0) }) / Double(a.frameCount))
    }

    private static func firstDivergence(_ a: CodeArray, _ b: CodeArray) -> Measurement {
        guard let frame = (0..<a.frameCount).first(where: { !isEqual(a, b, frame: $0) }) else {
            return Measurement(1, limit: .identical, details: [("equal_frames", Double(a.frameCount))])
        }
        let book = (0..<a.codebookCount).first {
            a.values[$0 * a.frameCount + frame] != b.values[$0 * a.frameCount + frame]
        }
        return Measurement(
            Double(frame) / Double(a.frameCount),
            details: [("equal_frames", Double(frame)), ("codebook", Double(book ?? 0))])
    }

    private static func usage(_ codes: CodeArray, _ entryCount: Int) -> Measurement {
        let shares = (0..<codes.codebookCount).map { Double(Set(codes.row($0)).count) / Double(entryCount) }
        return Measurement(
            shares.reduce(0, +) / Double(shares.count),
            details: shares.enumerated().map { ("codebook_\($0)", $1) })
    }

    private static func entropy(_ codes: CodeArray, _ entryCount: Int) -> Measurement {
        let bits = (0..<codes.codebookCount).map { book in
            var counts = [Int](repeating: 0, count: entryCount)
            for code in codes.row(book) { counts[Int(code)] += 1 }
            return counts.reduce(0.0) { sum, count in
                let share = Double(count) / Double(codes.frameCount)
                return count == 0 ? sum : sum - share * log2(share)
            }
        }
        return Measurement(
            bits.reduce(0, +) / Double(bits.count), details: bits.enumerated().map { ("codebook_\($0)", $1) })
    }
}

extension CodeComparison {
    private static func descriptor(
        _ id: String, _ title: String, unit: String, _ range: ClosedRange<Double>, blind: String
    ) -> MetricDescriptor {
        MetricDescriptor(
            id: id, title: title, unit: unit, direction: .higherIsBetter, range: range,
            validInput: "codes of one codec, equal shapes, entries within the codebooks", blindSpots: blind,
            source: "definition")
    }

    static let matchRate = descriptor(
        "codes.match_rate", "code match rate", unit: "1", 0...1, blind: "how near the wrong codes are")
    static let frameMatchRate = descriptor(
        "codes.frame_match_rate", "frame match rate", unit: "1", 0...1, blind: "which codebook differs")
    static let divergence = descriptor(
        "codes.first_divergence", "first divergence", unit: "1", 0...1, blind: "what follows it")
    static let usage = descriptor(
        "codes.usage", "codebook usage", unit: "1", 0...1, blind: "order and frequency; short clips cannot use many")
    static let entropy = descriptor(
        "codes.entropy", "code entropy", unit: "bit", .nonNegative, blind: "order; bounded by log2 of the frames")
}
