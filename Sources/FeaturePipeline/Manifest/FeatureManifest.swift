public import NumericCore

/// What stands beside a feature array, in `NAME.json` beside `NAME.npy`: its recipe and what came out.
///
/// The JSON has exactly the keys of schema ``schema``; an unknown or missing key is an error.
public struct FeatureManifest: Sendable, Equatable {
    /// The schema this version writes and reads.
    public static let schema = "codecgate.features/1"
    /// The version of this program, written into every manifest.
    public static let currentToolVersion = "0.1.0"
    /// More TRs than any array here may have: 18 days of 1.5 s.
    public static let maximumTRCount = 1 << 20

    /// What decides the array's contents.
    public var recipe: FeatureRecipe
    /// The array's kind of number.
    public var elementType: ArrayElementType
    /// The array's extents, TRs first.
    public var shape: [Int]
    /// SHA-256 of the elements, row-major and little-endian, without any header.
    public var arraySHA256: String
    /// Columns of a TR; nil where a TR has no frames of its own (`mel-2d`).
    public var framesPerTR: Int?
    /// Valid frames of each TR; nil where the behaviour loses them.
    public var frameCounts: [Int]?
    /// The mel power that became 0 dB; nil for codes, and where the behaviour loses it.
    public var decibelReference: Float?
    /// The version of the program that wrote the array.
    public var toolVersion: String

    /// A manifest; ``check(path:)`` says whether it makes sense.
    ///
    /// - Parameters:
    ///   - recipe: What decides the contents.
    ///   - elementType: The array's kind of number.
    ///   - shape: The array's extents.
    ///   - arraySHA256: SHA-256 of the elements.
    ///   - framesPerTR: Columns of a TR, or nil.
    ///   - frameCounts: Valid frames of each TR, or nil.
    ///   - decibelReference: The mel power of 0 dB, or nil.
    ///   - toolVersion: The program's version.
    public init(
        recipe: FeatureRecipe, elementType: ArrayElementType, shape: [Int], arraySHA256: String, framesPerTR: Int?,
        frameCounts: [Int]?, decibelReference: Float?, toolVersion: String = FeatureManifest.currentToolVersion
    ) {
        self.recipe = recipe
        self.elementType = elementType
        self.shape = shape
        self.arraySHA256 = arraySHA256
        self.framesPerTR = framesPerTR
        self.frameCounts = frameCounts
        self.decibelReference = decibelReference
        self.toolVersion = toolVersion
    }

    /// Rows of the array.
    public var trCount: Int { shape.first ?? 0 }

    /// Where the manifest of an array file lies: `.npy` or `.npz` becomes `.json`, other names get it at their end.
    ///
    /// - Parameter path: The array file.
    /// - Returns: A path beside it.
    public static func sidecarPath(of path: String) -> String {
        let isArray = [".npy", ".npz"].contains { path.lowercased().hasSuffix($0) }
        return (isArray ? String(path.dropLast(4)) : path) + ".json"
    }

    /// The digest that `array_sha256` states, of an array in memory.
    ///
    /// - Parameter tensor: The array.
    /// - Returns: 64 hexadecimal digits in lower case.
    public static func digest<Element: ArrayElement>(of tensor: Tensor<Element>) -> String {
        var hash = SHA256()
        tensor.elements.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
                hash.update([UInt8](bytes[start..<min(start + 1 << 20, bytes.count)]))
            }
        }
        return hash.hexadecimal
    }

    /// Holds an array against this manifest.
    ///
    /// - Parameter array: The array as its file holds it.
    /// - Throws: ``FeatureError/badArray(path:problem:)`` when type, shape or contents differ.
    public func verify(_ array: NumericArray) throws(FeatureError) {
        try identity.verify(array)
    }

    var identity: ArrayIdentity { ArrayIdentity(elementType: elementType, shape: shape, sha256: arraySHA256) }

    /// Reads the manifest of a file.
    ///
    /// - Parameter path: The JSON file, at most ``maximumByteCount`` bytes.
    /// - Returns: A manifest that makes sense.
    /// - Throws: ``FeatureError/file(_:)`` or ``FeatureError/badManifest(path:problem:)``.
    public static func read(path: String) throws(FeatureError) -> FeatureManifest {
        try FeatureManifest(json: text(path: path), path: path)
    }

    /// The bytes of a manifest of any schema.
    static func text(path: String) throws(FeatureError) -> [UInt8] {
        let source = try wrap { () throws(ArrayFileError) in try ByteSource.open(path: path) }
        guard source.count <= maximumByteCount else {
            throw .badManifest(
                path: path,
                problem: "has \(source.count) bytes, a manifest has at most \(maximumByteCount); give the right file")
        }
        return try wrap { () throws(ArrayFileError) in
            try source.read(at: 0, count: source.count, part: "the manifest")
        }
    }

    /// Writes the manifest; an existing file is replaced only when the new one is complete.
    ///
    /// - Parameter path: The JSON file.
    /// - Throws: ``FeatureError/badManifest(path:problem:)`` when it makes no sense, ``FeatureError/file(_:)``.
    public func write(to path: String) throws(FeatureError) {
        let bytes = try json(path: path)
        try wrap { () throws(ArrayFileError) in try AtomicFile.write(bytes, to: path) }
    }

    /// Larger files are not read: a million TRs take 4 MB.
    public static let maximumByteCount = 16 << 20
}
