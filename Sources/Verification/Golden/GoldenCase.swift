public import Foundation
public import NumericCore

/// One folder of goldens: a manifest that says who made the arrays and how far one may be off, and the arrays.
///
/// Every array is checked against the SHA-256 in the manifest before it is used.
public struct GoldenCase: Sendable {
    /// How far a result may be from a golden.
    public struct Bound: Sendable, Decodable {
        /// Largest error, in the unit that the manifest names.
        public let bound: Double
        /// Largest number of proven ties, for codes.
        public let cap: Int?
        /// Why this bound.
        public let derivation: String?
    }

    private struct Manifest: Decodable {
        struct Entry: Decodable {
            let file: String
            let entry: String?
            let sha256: String
        }
        let producer: String
        let arrays: [String: Entry]
        let bounds: [String: Bound]
    }

    /// The folder.
    public let folder: URL
    /// The program and versions that made the arrays.
    public var producer: String { manifest.producer }
    /// Names of the arrays, sorted.
    public var arrayNames: [String] { manifest.arrays.keys.sorted() }
    private let manifest: Manifest
    private let json: Data

    /// Opens a case.
    ///
    /// - Parameter folder: Holds `manifest.json`.
    /// - Throws: ``GoldenError`` when there is none or it cannot be understood.
    public init(folder: URL) throws(GoldenError) {
        self.folder = folder
        let path = folder.appendingPathComponent("manifest.json")
        do {
            json = try Data(contentsOf: path)
            manifest = try JSONDecoder().decode(Manifest.self, from: json)
        } catch {
            throw .badManifest(path: path.path, reason: "\(error)")
        }
    }

    /// Whether the case has an array of this name.
    ///
    /// - Parameter name: Such as `codes/mixed_codes_6`.
    /// - Returns: True when ``array(_:)`` can find it.
    public func has(_ name: String) -> Bool { manifest.arrays[name] != nil }

    /// An array, after its bytes were checked.
    ///
    /// - Parameter name: Such as `codes/mixed_codes_6`.
    /// - Returns: The array as stored.
    /// - Throws: ``GoldenError`` when it is missing, unreadable or changed.
    public func array(_ name: String) throws(GoldenError) -> NumericArray {
        guard let entry = manifest.arrays[name] else { throw .missing(folder: folder.path, name: name) }
        let path = folder.appendingPathComponent(entry.file).path
        let array: NumericArray
        do {
            if let member = entry.entry {
                array = try NpzFile(path: path).array(member)
            } else {
                array = try NpyFile.read(path: path)
            }
        } catch { throw .unreadable(reason: error.description) }
        let found = SHA256.hexadecimal(of: array.bytes)
        guard found == entry.sha256 else {
            throw .changed(path: path, name: name, expected: entry.sha256, found: found)
        }
        return array
    }

    /// Numbers of an array as float32.
    ///
    /// - Parameter name: Such as `audio/mixed_audio_6`.
    /// - Returns: The values.
    /// - Throws: ``GoldenError``.
    public func floats(_ name: String) throws(GoldenError) -> Tensor<Float> {
        let stored = try array(name)
        do { return try stored.float32() } catch { throw .unreadable(reason: error.description) }
    }

    /// Numbers of an array as int32.
    ///
    /// - Parameter name: Such as `codes/mixed_codes_6`.
    /// - Returns: The values.
    /// - Throws: ``GoldenError``.
    public func integers(_ name: String) throws(GoldenError) -> Tensor<Int32> {
        let stored = try array(name)
        do { return try stored.int32() } catch { throw .unreadable(reason: error.description) }
    }

    /// Audio stored as (samples) or (channels, samples), interleaved.
    ///
    /// - Parameter name: Such as `inputs/mixed`.
    /// - Returns: Interleaved samples.
    /// - Throws: ``GoldenError``.
    public func samples(_ name: String) throws(GoldenError) -> [Float] {
        let stored = try floats(name)
        return stored.rank == 1 ? stored.elements : stored.transposed.elements
    }

    /// A bound of the manifest.
    ///
    /// - Parameter name: Such as `codes`.
    /// - Returns: The bound.
    /// - Throws: ``GoldenError/missing(folder:name:)``.
    public func bound(_ name: String) throws(GoldenError) -> Bound {
        guard let bound = manifest.bounds[name] else { throw .missing(folder: folder.path, name: "bound " + name) }
        return bound
    }

    /// A part of the manifest as JSON text.
    ///
    /// - Parameter keys: Path of keys from the top.
    /// - Returns: The JSON of the object there.
    /// - Throws: ``GoldenError`` when there is no object.
    public func manifestPart(_ keys: String...) throws(GoldenError) -> Data {
        do {
            var part: Any = try JSONSerialization.jsonObject(with: json)
            for key in keys {
                guard let next = (part as? [String: Any])?[key] else {
                    throw GoldenError.missing(folder: folder.path, name: keys.joined(separator: "."))
                }
                part = next
            }
            return try JSONSerialization.data(withJSONObject: part, options: [.sortedKeys])
        } catch let error as GoldenError {
            throw error
        } catch {
            throw .badManifest(path: folder.path, reason: "\(error)")
        }
    }
}

/// Why a golden cannot be used: a golden that is missing or changed fails, it is never skipped.
public enum GoldenError: Error, Sendable, Equatable {
    /// manifest.json is missing or not understood.
    case badManifest(path: String, reason: String)
    /// The manifest names no such array or bound.
    case missing(folder: String, name: String)
    /// The array's file cannot be read.
    case unreadable(reason: String)
    /// The array is not the one that the manifest describes.
    case changed(path: String, name: String, expected: String, found: String)
}

extension GoldenError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .badManifest(let path, let reason): "cannot use the goldens at '\(path)': \(reason)"
        case .missing(let folder, let name): "the goldens in '\(folder)' have no '\(name)'; make them again"
        case .unreadable(let reason): reason
        case .changed(let path, let name, let expected, let found):
            "'\(path)': '\(name)' has SHA-256 \(found.prefix(12)), its manifest says \(expected.prefix(12)); restore the file"
        }
    }
}
