import EnCodec
import Foundation

/// A temporary folder through which the implementations share a model, an input and results.
final class BenchFolder {
    let url: URL

    /// Makes the folder.
    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("codecgate-bench-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw CommandError.unwritable(
                "the folder '\(url.path)' cannot be made; set TMPDIR to one that may be written")
        }
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch {
            StandardStreams.error("Warning: '\(url.path)' stays behind: \(error.localizedDescription)\n")
        }
    }

    /// The folder's own path.
    var root: String { url.path }

    /// The path of a file inside.
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes raw numbers.
    func write<Number: BitwiseCopyable>(_ numbers: [Number], as name: String) throws {
        do { try numbers.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path(name))) } } catch {
            throw CommandError.unwritable("'\(path(name))' cannot be written: \(error.localizedDescription)")
        }
    }

    /// Reads raw numbers.
    func read<Number: BitwiseCopyable>(_ name: String, as zero: Number) throws -> [Number] {
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path(name)))
            var numbers = [Number](repeating: zero, count: data.count / MemoryLayout<Number>.stride)
            numbers.withUnsafeMutableBytes { _ = data.copyBytes(to: $0) }
            return numbers
        } catch {
            throw PeerProcess.Failure(reason: "its result '\(name)' cannot be read: \(error.localizedDescription)")
        }
    }
}
