internal import Foundation
internal import NumericCore
internal import Verification

/// One folder of goldens whose manifest gives the SHA-256 of archives, with a bound for each kind of array.
///
/// An archive's bytes are checked before an array of it is used.
struct ArchiveGolden {
    struct Manifest: Decodable {
        struct File: Decodable { let sha256: String }
        let files: [String: File]
        let bounds: [String: Bound]
        let cases: [Case]?
        let sampleCount: Int?
        let largestPower: Double?

        private enum CodingKeys: String, CodingKey {
            case files, bounds, cases
            case sampleCount = "sample_count"
            case largestPower = "largest_power"
        }
    }

    /// Settings of one case; which are there depends on the folder.
    struct Case: Decodable {
        let name: String?
        let rate: Int?
        let fft: Int?
        let hop: Int?
        let mels: Int?
        let seed: UInt32?
        let librosaFloat32Error: Double?
    }

    /// A number, an object with one, or the text that derives it.
    struct Bound: Decodable {
        let value: Double?

        init(from decoder: any Decoder) throws {
            struct Object: Decodable { let bound: Double }
            let container = try decoder.singleValueContainer()
            do { value = try container.decode(Double.self) } catch {
                do { value = try container.decode(Object.self).bound } catch { value = nil }
            }
        }
    }

    let folder: URL
    let manifest: Manifest

    init(_ folder: URL) throws {
        self.folder = folder
        let path = folder.appendingPathComponent("manifest.json")
        do { manifest = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: path)) } catch {
            throw GoldenError.badManifest(path: path.path, reason: "\(error)")
        }
    }

    /// The path of a file whose bytes are those of the manifest.
    func checked(_ file: String) throws -> String {
        guard let expected = manifest.files[file]?.sha256 else {
            throw GoldenError.missing(folder: folder.path, name: file)
        }
        let path = folder.appendingPathComponent(file).path
        let found = try SHA256.hexadecimal(ofFile: path)
        guard found == expected else {
            throw GoldenError.changed(path: path, name: file, expected: expected, found: found)
        }
        return path
    }

    func array(_ file: String, _ name: String) throws -> NumericArray { try NpzFile(path: checked(file)).array(name) }

    func floats(_ file: String, _ name: String) throws -> Tensor<Float> { try array(file, name).float32() }

    func bound(_ name: String) throws -> Double {
        guard let bound = manifest.bounds[name]?.value else {
            throw GoldenError.missing(folder: folder.path, name: "bound " + name)
        }
        return bound
    }
}

extension ArchiveGolden.Case {
    /// A number of the case that must be there.
    func value<Value>(_ key: KeyPath<ArchiveGolden.Case, Value?>, _ name: String) throws -> Value {
        guard let value = self[keyPath: key] else { throw GoldenError.missing(folder: self.name ?? "", name: name) }
        return value
    }
}
