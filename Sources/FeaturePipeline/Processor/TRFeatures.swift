public import NumericCore

/// Features of a recording: the array, a row of metadata a TR, and the manifest.
public struct TRFeatures: Sendable, Equatable {
    /// The numbers.
    public enum Values: Sendable, Equatable {
        /// Codes.
        case codes(Tensor<Int32>)
        /// Mel power in dB.
        case decibels(Tensor<Float>)

        /// Extents, TRs first.
        public var shape: [Int] {
            switch self {
            case .codes(let codes): codes.shape
            case .decibels(let decibels): decibels.shape
            }
        }
    }

    /// The numbers, shaped as the manifest says.
    public let values: Values
    /// One row a TR.
    public let metadata: [TRMetadata]
    /// What they are.
    public let manifest: FeatureManifest

    /// Puts features and what they are together; digest, shape and kind of number are taken from the values.
    init(
        values: Values, metadata: [TRMetadata], recipe: FeatureRecipe, framesPerTR: Int?, frameCounts: [Int]?,
        decibelReference: Float?
    ) {
        let (type, digest): (ArrayElementType, String) =
            switch values {
            case .codes(let codes): (.int32, FeatureManifest.digest(of: codes))
            case .decibels(let decibels): (.float32, FeatureManifest.digest(of: decibels))
            }
        self.values = values
        self.metadata = metadata
        manifest = FeatureManifest(
            recipe: recipe, elementType: type, shape: values.shape, arraySHA256: digest, framesPerTR: framesPerTR,
            frameCounts: frameCounts, decibelReference: decibelReference)
    }

    /// Writes `NAME.npy`, its manifest `NAME.json` and, when asked for, the table of TRs.
    ///
    /// All files are complete under temporary names before the first takes its own.
    ///
    /// - Parameters:
    ///   - path: The array.
    ///   - metadataPath: The table, or nil.
    /// - Throws: ``FeatureError/file(_:)``; what stood there before is then untouched, but for a failure between two
    ///   renames.
    public func write(to path: String, metadataPath: String? = nil) throws(FeatureError) {
        let companions = try FeatureCompanions(
            manifest, metadata: metadata, arrayPath: path, metadataPath: metadataPath)
        let array = try wrap { () throws(ArrayFileError) in
            let array = try AtomicFile(path: path)
            try array.append(NpyHeader.encode(shape: values.shape, elementType: manifest.elementType))
            switch values {
            case .codes(let codes): try array.append(elements: codes.elements)
            case .decibels(let decibels): try array.append(elements: decibels.elements)
            }
            return array
        }
        try companions.commit(with: array)
    }
}
