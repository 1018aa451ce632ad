import Foundation
public import NumericCore
public import Testing

/// `GoldenData/arrays/manifest.json`: what NumPy, safetensors and PyTorch wrote there.
public struct ArrayManifest: Decodable, Sendable {
    /// One array inside a file.
    public struct Values: Decodable, Sendable {
        /// NumPy's or PyTorch's name of the type.
        public let dtype: String
        /// Extents.
        public let shape: [Int]
        /// Every value in row-major order, as text.
        public let values: [String]

        /// Records an issue unless `array` has this shape, this type and exactly these values.
        ///
        /// - Parameters:
        ///   - array: What was read.
        ///   - sourceLocation: Where the expectation stands.
        /// - Throws: What the conversion throws.
        public func expectExactly(_ array: NumericArray, sourceLocation: SourceLocation = #_sourceLocation) throws {
            #expect(array.shape == shape, sourceLocation: sourceLocation)
            #expect(array.elementType.rawValue == dtype, sourceLocation: sourceLocation)
            if array.elementType.isFloatingPoint {
                let expected = values.map { Double($0)?.bitPattern }
                let actual = try array.float64().elements.map { Optional($0.bitPattern) }
                expectEqual(actual, expected, array.origin, sourceLocation: sourceLocation)
            } else if array.elementType == .uint64 {
                let actual = try array.tensor(of: UInt64.self).elements.map { String($0) }
                expectEqual(actual, values, array.origin, sourceLocation: sourceLocation)
            } else {
                let actual = try array.int64().elements.map { String($0) }
                expectEqual(actual, values, array.origin, sourceLocation: sourceLocation)
            }
        }
    }

    /// One file.
    public struct File: Decodable, Sendable, CustomTestStringConvertible {
        /// Path under `GoldenData/arrays`.
        public let file: String
        /// Its hash by Python's hashlib.
        public let sha256: String
        /// Its arrays; a lone one has the name "".
        public let tensors: [String: Values]?
        /// NumPy's type text of a `.npy`.
        public let descr: String?
        /// The format version of a `.npy`.
        public let version: Int?
        /// Whether a `.npy` is column-major.
        public let fortran: Bool?
        /// Whether readers must refuse it.
        public let refused: Bool?
        /// Texts inside a safetensors file.
        public let metadata: [String: String]?

        /// Its absolute path.
        public var path: String { Repository.golden("arrays/" + file).path }
        /// Its contents.
        public var bytes: [UInt8] { get throws { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) } }
        /// The path, in test reports.
        public var testDescription: String { file }
    }

    /// A hash of bytes `(7 i + 3) mod 256`.
    public struct Hash: Decodable, Sendable {
        /// Number of bytes.
        public let count: Int
        /// Their hash by Python's hashlib.
        public let sha256: String
    }

    /// Numbers of NumPy's `RandomState(seed).random_sample(1500)`.
    public struct RandomSample: Decodable, Sendable {
        /// The seed.
        public let seed: UInt32
        /// The first eight, as text.
        public let first: [String]
        /// The last four, as text.
        public let last: [String]
        /// The hash of all as little-endian doubles.
        public let sha256Of1500Doubles: String
        private enum CodingKeys: String, CodingKey {
            case seed, first, last
            case sha256Of1500Doubles = "sha256_of_1500_doubles"
        }
    }

    /// Which transforms there are.
    public struct Fourier: Decodable, Sendable {
        /// Lengths of the rows.
        public let lengths: [Int]
    }

    /// All files.
    public let files: [File]
    /// Hashes of made-up bytes.
    public let hashes: [Hash]
    /// Random numbers by seed.
    public let mt19937: [RandomSample]
    /// Transforms in `fft/`.
    public let fft: Fourier

    /// Reads the manifest.
    ///
    /// - Returns: Its contents.
    /// - Throws: When it is missing or not understood; the tests that need it then fail.
    public static func load() throws -> ArrayManifest {
        let data = try Data(contentsOf: Repository.golden("arrays/manifest.json"))
        return try JSONDecoder().decode(ArrayManifest.self, from: data)
    }

    /// The files of a folder.
    ///
    /// - Parameters:
    ///   - folder: Such as `npy`.
    ///   - refused: Those that must be refused, or those that must be read.
    /// - Returns: At least one file.
    /// - Throws: When the manifest cannot be read or has none.
    public static func files(in folder: String, refused: Bool = false) throws -> [File] {
        let files = try load().files.filter { $0.file.hasPrefix(folder + "/") && ($0.refused ?? false) == refused }
        try #require(!files.isEmpty, "no golden file in \(folder)")
        return files
    }
}
