public import NumericCore

/// Recognises a feature array by shape, element type, range, whole numbers and codebook statistics.
///
/// One value serves one array; `FormatDetector+Codes.swift` and `FormatDetector+Mel.swift` hold the two families.
struct FormatDetector {
    let array: NumericArray
    let facts: ArrayFacts
    /// The TR the array is known to have, when it is known.
    let repetitionTime: RepetitionTime?
    var evidence: [String] = []
    var concerns: [String] = []

    init(_ array: NumericArray, repetitionTime: RepetitionTime?) {
        self.array = array
        self.repetitionTime = repetitionTime
        facts = ArrayFacts(array)
    }

    var shape: [Int] { facts.shape }
    var typeName: String { facts.elementType.rawValue }

    /// Runs the detection.
    mutating func detect() -> FormatDetection {
        let format = impossible() ?? (facts.elementType.isFloatingPoint ? floats() : integers())
        return FormatDetection(format: format, evidence: evidence, concerns: concerns, facts: facts)
    }

    /// What rules out every format, before any of them is tried.
    private mutating func impossible() -> FeatureFormat? {
        if facts.elementType == .bool { return .unknown(why: "truth values are no features; save codes as int32") }
        guard shape.count == 2 || shape.count == 3 else { return .unknown(why: rankProblem) }
        guard facts.count > 0 else {
            return .unknown(
                why: "shape \(shape) has no elements, so there is nothing to tell the format by; give the manifest or"
                    + " make the array again from a recording of at least one TR")
        }
        if let index = facts.notFinite.firstIndex, let value = facts.notFinite.firstValue {
            return .unknown(
                why: "element \(facts.place(index)) is \(value) (\(facts.notFinite.count) of \(facts.count) elements"
                    + " are not finite); find out which step made it and run that again")
        }
        if let low = facts.minimum, let high = facts.maximum {
            let whole = facts.fractional.count == 0 ? "all whole numbers" : "\(facts.fractional.count) not whole"
            evidence.append(
                "\(typeName) of shape \(shape): \(facts.count) values from \(number(low)) to \(number(high)), \(whole)")
        }
        return nil
    }

    private var rankProblem: String {
        switch shape.count {
        case 4 where shape[0] == 1 && shape[1] == 1:
            "shape \(shape) is the codec's own (chunks, batch, codebooks, frames); take [0, 0] and cut it into TRs"
        case 4:
            "shape \(shape) has four axes, as data sets of several subjects have; take one subject, array[0]"
        case 1:
            "shape \(shape) has one axis; reshape it to (TRs, codebooks, frames) or (TRs, mel bands, columns)"
        default:
            "shape \(shape) has \(shape.count) axes where features have two or three"
        }
    }

    /// Integers are codes or nothing.
    private mutating func integers() -> FeatureFormat {
        if let index = facts.outsideCodes.firstIndex, let value = facts.outsideCodes.firstValue {
            return .unknown(why: "integers are codes, but " + outsideText(index, value))
        }
        if facts.isAllZero {
            return .unknown(
                why: "every one of the \(facts.count) integers is 0, which no codec gives; the array was not filled")
        }
        addNarrowTypeConcern()
        return shape.count == 3 ? codes3D() : codes2D()
    }

    private mutating func floats() -> FeatureFormat {
        guard let low = facts.minimum, let high = facts.maximum else { return .unknown(why: "no value is finite") }
        if facts.isAllZero { return zeroFloats() }
        if low >= 0 { return shape.count == 3 ? predictions3D(high) : predictions2D(high) }
        if looksLikeDamagedCodes(low: low), let index = facts.outsideCodes.firstIndex,
            let value = facts.outsideCodes.firstValue
        {
            return .unknown(why: "the values are whole numbers like predicted codes, but " + outsideText(index, value))
        }
        if let problem = rangeProblem(low: low, high: high) { return .unknown(why: problem) }
        return shape.count == 3 ? mel3D() : mel2D()
    }

    /// Whole numbers in a shape of codes, with some that are no codes and are not dB either.
    private func looksLikeDamagedCodes(low: Double) -> Bool {
        guard facts.fractional.count == 0, let high = facts.maximum, high > 0 else { return false }
        return shape.count == 2 ? !flatLayouts().isEmpty : CodeLayout.codebookCounts.contains(shape[1])
    }

    /// Silence in dB and unfilled predictions look the same, unless the shape tells.
    private mutating func zeroFloats() -> FeatureFormat {
        let blank = "every value is 0: a silent recording (0 dB below its own maximum), or an array nobody filled"
        let codeShape = shape.count == 3 ? isCodeShape(shape[1], shape[2]) : !flatLayouts().isEmpty
        let mel = shape.count == 3 ? mel3D() : mel2D()
        guard codeShape else {
            concerns.append(blank + "; listen to the source")
            return mel
        }
        var candidates = codeCandidates(of: shape).map {
            FeatureFormat.encodecPredictions($0, isFlat: shape.count == 2)
        }
        if mel.isDecided { candidates.append(mel) }
        return .ambiguous(candidates: candidates, why: blank + "; the shape is one of codes; give the manifest")
    }

    func outsideText(_ index: Int, _ value: Double) -> String {
        let remedy =
            value == 1024
            ? "bfloat16 rounds 1023 up to it; clamp after the cast to integers"
            : value < 0 ? "a negative code comes from a wrong cast or a fill value" : "no code is larger than 1023"
        return "element \(facts.place(index)) is \(number(value)), outside 0...1023"
            + " (\(facts.outsideCodes.count) of \(facts.count)): \(remedy)"
    }

    private mutating func addNarrowTypeConcern() {
        guard facts.elementType.byteCount == 1 else { return }
        let largest = facts.elementType == .int8 ? 127 : 255
        concerns.append(
            "\(typeName) ends at \(largest), so codes above it cannot be stored; unless the codebooks are that small,"
                + " the codes were cut: make them again as int32")
    }

    /// A number without a superfluous ".0", of at most four decimals where that keeps it from being 0.
    func number(_ value: Double) -> String {
        if let whole = Int(exactly: value) { return "\(whole)" }
        let rounded = (value * 1e4).rounded() / 1e4
        return rounded == 0 ? "\(value)" : Int(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
    }
}

extension FeatureFormat {
    /// Says what an array is, from what it holds.
    ///
    /// Codes of any integer type are recognised; nothing is assumed where the array does not show it. Flat codes do not
    /// say how many frames a TR has: without `repetitionTime`, widths that fit the design's 1.5 s (112 or 113 frames)
    /// are read so, other widths only when a single usual TR fits.
    ///
    /// - Parameters:
    ///   - array: Features of any shape and element type; NaN, empty and one-TR arrays are answered too.
    ///   - repetitionTime: The TR, when it is known; it then must fit the number of frames.
    /// - Returns: The format with evidence; `.ambiguous` or `.unknown` say what is missing.
    public static func detect(
        _ array: NumericArray, repetitionTime: RepetitionTime? = nil
    ) -> FormatDetection {
        var detector = FormatDetector(array, repetitionTime: repetitionTime)
        return detector.detect()
    }
}
