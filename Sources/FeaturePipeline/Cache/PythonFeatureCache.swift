public import NumericCore

/// A cache of the Python system (`{video}_encodec.npz`), read as it is.
///
/// It holds flat codes and four columns about the TRs. Nearly everything else that decides the contents is not in it;
/// ``missing`` names those settings, and none of them is guessed.
public struct PythonFeatureCache: Sendable {
    /// Members that must be there.
    public static let memberNames = ["features", "tr_indices", "start_times", "end_times", "n_frames"]
    /// Settings that the file does not state.
    public static let missing = [
        "number of real codebooks", "bandwidth", "codec and weights", "TR", "sample rate",
        "audio decoder and resampler",
        "source file", "limit of TRs at the time of writing", "program version",
    ]

    /// The features as stored.
    public let features: NumericArray
    /// What they are.
    public let detection: FormatDetection
    /// Start of each TR in seconds.
    public let startTimes: [Double]
    /// End of each TR in seconds.
    public let endTimes: [Double]
    /// Frames of each TR as stated; the Python system writes the width of the slot, not the number of valid frames.
    public let frameCounts: [Int]
    /// Members beyond the known ones.
    public let otherMembers: [String]
    /// The duration of the first TR as its times say: an observation to hold against the TR you know, not a setting.
    public let observedTRSeconds: Double?

    /// Reads and checks a file.
    ///
    /// - Parameters:
    ///   - path: The `.npz`.
    ///   - repetitionTime: The TR, when it is known; it then must be the one of the times (within 1 ms).
    /// - Returns: Its contents; zero TRs are accepted and give an undecided format.
    /// - Throws: ``FeatureError/file(_:)`` for a damaged file or a missing member, ``FeatureError/badArray(path:problem:)``
    ///   for columns that contradict each other.
    public static func read(
        path: String, repetitionTime: RepetitionTime? = nil
    ) throws(FeatureError) -> PythonFeatureCache {
        try read(wrap { () throws(ArrayFileError) in try ByteSource.open(path: path) }, repetitionTime: repetitionTime)
    }

    /// Reads an open file or a buffer; see ``read(path:repetitionTime:)``.
    package static func read(
        _ source: ByteSource, repetitionTime: RepetitionTime? = nil
    ) throws(FeatureError) -> PythonFeatureCache {
        let file = try wrap { () throws(ArrayFileError) in try NpzFile(source) }
        let columns = try Columns(file, path: source.path)
        try columns.check(repetitionTime)
        return PythonFeatureCache(
            features: columns.features,
            detection: FeatureFormat.detect(columns.features, repetitionTime: repetitionTime),
            startTimes: columns.starts, endTimes: columns.ends, frameCounts: columns.frameCounts,
            otherMembers: file.names.filter { !memberNames.contains($0) },
            observedTRSeconds: columns.starts.isEmpty ? nil : columns.ends[0] - columns.starts[0])
    }

    /// Whether a file has the members of such a cache.
    ///
    /// - Parameter names: Names of an `.npz`.
    /// - Returns: true when all are there.
    public static func isOne(memberNames names: [String]) -> Bool { memberNames.allSatisfy(names.contains) }
}

/// The members before they are trusted.
private struct Columns {
    let path: String
    let features: NumericArray
    let indices: [Int]
    let starts: [Double]
    let ends: [Double]
    let frameCounts: [Int]

    init(_ file: NpzFile, path: String) throws(FeatureError) {
        self.path = path
        features = try wrap { () throws(ArrayFileError) in try file.array("features") }
        func integers(_ name: String) throws(FeatureError) -> [Int] {
            try wrap { () throws(ArrayFileError) in try file.array(name).int64() }.elements.map { Int($0) }
        }
        func numbers(_ name: String) throws(FeatureError) -> [Double] {
            try wrap { () throws(ArrayFileError) in try file.array(name).float64() }.elements
        }
        (indices, frameCounts) = (try integers("tr_indices"), try integers("n_frames"))
        (starts, ends) = (try numbers("start_times"), try numbers("end_times"))
    }

    func check(_ repetitionTime: RepetitionTime?) throws(FeatureError) {
        let count = features.shape.first ?? 0
        for (name, found) in [
            ("tr_indices", indices.count), ("start_times", starts.count), ("end_times", ends.count),
            ("n_frames", frameCounts.count),
        ] where found != count {
            throw bad("has \(found) entries of \(name) for \(count) rows of features")
        }
        if let row = indices.indices.first(where: { indices[$0] != $0 }) {
            throw bad("has tr_indices \(indices[row]) in row \(row), expected \(row): rows are missing or out of order")
        }
        for row in 0..<count {
            guard starts[row].isFinite, ends[row].isFinite, starts[row] < ends[row] else {
                throw bad("has TR \(row) from \(starts[row]) to \(ends[row]) s")
            }
            if row > 0, !((starts[row] - ends[row - 1]).magnitude < 1e-3) {
                throw bad("has a gap: TR \(row - 1) ends at \(ends[row - 1]) s, the next begins at \(starts[row]) s")
            }
            if let known = repetitionTime?.seconds, !((ends[row] - starts[row] - known).magnitude < 1e-3) {
                throw bad("has TR \(row) of \(ends[row] - starts[row]) s where \(known) s are asked for")
            }
            guard (0...1 << 20).contains(frameCounts[row]) else {
                throw bad("has n_frames \(frameCounts[row]) in row \(row)")
            }
        }
    }

    private func bad(_ problem: String) -> FeatureError {
        .badArray(path: path, problem: problem + "; make the cache again")
    }
}
