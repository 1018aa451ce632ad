public import NumericCore

/// Features to be turned into sound: numbers, and how they are to be read.
public struct FeatureInput: Sendable {
    /// What reading the numbers changed or found, for reports.
    public struct Notes: Sendable, Equatable {
        /// Predicted codes that were no whole numbers.
        public var roundedCount = 0
        /// Predicted codes that lay outside the codebook after rounding.
        public var clippedCount = 0
        /// Codebooks cut off because they were 0 throughout.
        public var zeroPaddedCodebookCount = 0
    }

    /// How numbers are to be read, from a manifest or from what a user says.
    public struct Layout: Sendable, Equatable {
        /// What the numbers are.
        public var format: FeatureRecipe.Format
        /// How frames were dealt out.
        public var grid: FeatureRecipe.Grid
        /// Whether level and length are to be restored.
        public var behaviour: FeatureRecipe.Behaviour
        /// The time of one row.
        public var repetitionTime: RepetitionTime
        /// Valid frames of each TR; nil takes the grid's.
        public var frameCounts: [Int]?
        /// The mel power of 0 dB; nil takes 1, which loses the level.
        public var decibelReference: Float?
        /// Real codebooks; nil takes those of the array, less zero padding.
        public var codebookCount: Int?

        /// What a manifest says.
        ///
        /// - Parameter manifest: One that was checked.
        public init(_ manifest: FeatureManifest) {
            format = manifest.recipe.format
            grid = manifest.recipe.grid
            behaviour = manifest.recipe.behaviour
            repetitionTime = manifest.recipe.repetitionTime
            frameCounts = manifest.frameCounts
            decibelReference = manifest.decibelReference
            codebookCount = manifest.recipe.codec?.codebookCount
        }

        /// What a user says of an array without a manifest.
        ///
        /// - Parameters:
        ///   - format: What the numbers are.
        ///   - grid: How frames were dealt out.
        ///   - repetitionTime: The time of one row.
        ///   - frameCounts: Valid frames of each TR, from a table; with them the behaviour is `correct`.
        public init(
            format: FeatureRecipe.Format, grid: FeatureRecipe.Grid, repetitionTime: RepetitionTime,
            frameCounts: [Int]? = nil
        ) {
            self.format = format
            self.grid = grid
            self.repetitionTime = repetitionTime
            self.frameCounts = frameCounts
            behaviour = frameCounts != nil || grid == .exact ? .correct : .compat
        }
    }

    /// The numbers: codes (TRs, codebooks, frames), decibels as the format says.
    public let values: TRFeatures.Values
    /// How they are to be read.
    public let layout: Layout
    /// What reading them changed or found.
    public let notes: Notes

    init(_ values: TRFeatures.Values, layout: Layout, notes: Notes) {
        (self.values, self.layout, self.notes) = (values, layout, notes)
    }

    /// Features that were just made.
    ///
    /// - Parameter features: From ``AudioProcessor``.
    /// - Throws: ``FeatureError/badRequest(problem:)`` when flat codes do not fit their manifest.
    public init(_ features: TRFeatures) throws(FeatureError) {
        layout = Layout(features.manifest)
        guard case .codes(let codes) = features.values, layout.format == .encodecFlat else {
            (values, notes) = (features.values, Notes())
            return
        }
        let flat = try FlatCodes.unflatten(
            codes, framesPerTR: features.manifest.framesPerTR ?? 1, codebookCount: layout.codebookCount)
        (values, notes) = (.codes(flat.codes), Notes(zeroPaddedCodebookCount: flat.zeroPaddedCodebookCount))
    }

    /// Features from a file of numbers.
    ///
    /// - Parameters:
    ///   - array: The file's array.
    ///   - layout: How to read it.
    ///   - framesPerTR: Frames of a row of flat codes.
    ///   - codebookSize: Codes must lie below it; predictions are clipped to it.
    ///   - codebookCounts: Counts that the codec has, for recognising zero padding.
    /// - Throws: ``FeatureError/badArray(path:problem:)`` for the wrong number of dimensions or kind of number, codes
    ///   out of range (integers are never clipped) or values that are not finite, ``FeatureError/badRequest(problem:)``.
    public init(
        _ array: NumericArray, layout: Layout, framesPerTR: Int, codebookSize: Int = 1024, codebookCounts: [Int] = []
    ) throws(FeatureError) {
        let isFlat = layout.format == .encodecFlat || layout.format == .mel2D
        guard array.shape.count == (isFlat ? 2 : 3), (array.shape.first ?? 0) <= FeatureManifest.maximumTRCount else {
            throw .badArray(
                path: array.origin,
                problem: "has shape \(array.shape), but \(layout.format.rawValue) has \(isFlat ? "two" : "three") "
                    + "dimensions, TRs first; give another --format")
        }
        self.layout = layout
        guard layout.format.isCodes else {
            notes = Notes()
            values = .decibels(try Self.decibels(array))
            return
        }
        var found = Notes()
        var codes = try CodeReading(array, codebookSize: codebookSize).codes(notes: &found)
        if layout.format == .encodecFlat {
            let flat = try FlatCodes.unflatten(
                codes, framesPerTR: framesPerTR, codebookCount: layout.codebookCount, candidates: codebookCounts)
            codes = flat.codes
            found.zeroPaddedCodebookCount = flat.zeroPaddedCodebookCount
        }
        values = .codes(codes)
        notes = found
    }

    private static func decibels(_ array: NumericArray) throws(FeatureError) -> Tensor<Float> {
        guard array.elementType.isFloatingPoint else {
            throw .badArray(
                path: array.origin,
                problem:
                    "holds \(array.elementType.rawValue), but mel features are floats; are these codes? give --format")
        }
        let wide = try wrap { () throws(ArrayFileError) in
            array.elementType == .float64 ? try Self.narrowed(array) : try array.float32()
        }
        if let index = wide.elements.firstIndex(where: { !$0.isFinite }) {
            throw .badArray(
                path: array.origin,
                problem: "holds \(wide.elements[index]) at element \(index); repair what is not finite")
        }
        return wide
    }

    /// Decibels need no more than a float; a double is rounded to the nearest.
    private static func narrowed(_ array: NumericArray) throws(ArrayFileError) -> Tensor<Float> {
        let wide = try array.float64()
        return Tensor(wide.elements.map { Float($0) }, shape: wide.shape)
    }
}

/// Reads codes of any kind of number.
private struct CodeReading {
    private let array: NumericArray
    private let codebookSize: Int

    init(_ array: NumericArray, codebookSize: Int) throws(FeatureError) {
        guard array.elementType != .bool else {
            throw .badArray(path: array.origin, problem: "holds bool, but codes are integers; save them as int32")
        }
        (self.array, self.codebookSize) = (array, codebookSize)
    }

    func codes(notes: inout FeatureInput.Notes) throws(FeatureError) -> Tensor<Int32> {
        array.elementType.isFloatingPoint ? try predictions(&notes) : try integers()
    }

    private func integers() throws(FeatureError) -> Tensor<Int32> {
        let wide = try wrap { () throws(ArrayFileError) in try array.int64() }
        if let index = wide.elements.firstIndex(where: { !(0..<Int64(codebookSize)).contains($0) }) {
            throw .badArray(
                path: array.origin,
                problem:
                    "holds code \(wide.elements[index]) at \(position(index)), outside 0...\(codebookSize - 1); give "
                    + "codes of this codec")
        }
        return Tensor(wide.elements.map { Int32($0) }, shape: wide.shape)
    }

    /// Rounds halves to the even neighbour, as NumPy does, then clips.
    private func predictions(_ notes: inout FeatureInput.Notes) throws(FeatureError) -> Tensor<Int32> {
        let wide = try wrap { () throws(ArrayFileError) in try array.float64() }
        var codes = [Int32](repeating: 0, count: wide.count)
        let largest = Double(codebookSize - 1)
        for (index, value) in wide.elements.enumerated() {
            guard value.isFinite else {
                throw .badArray(
                    path: array.origin, problem: "holds \(value) at \(position(index)); predictions must be finite")
            }
            let rounded = value.rounded(.toNearestOrEven)
            let clipped = min(max(rounded, 0), largest)
            if rounded != value { notes.roundedCount += 1 }
            if clipped != rounded { notes.clippedCount += 1 }
            codes[index] = Int32(clipped)
        }
        return Tensor(codes, shape: wide.shape)
    }

    /// Such as "TR 3, codebook 0, frame 12" or "TR 3, column 12".
    private func position(_ index: Int) -> String {
        let columns = array.shape.last ?? 1
        guard array.shape.count == 3 else { return "TR \(index / columns), column \(index % columns)" }
        let rows = array.shape[1]
        return "TR \(index / (rows * columns)), codebook \(index / columns % rows), frame \(index % columns)"
    }
}
