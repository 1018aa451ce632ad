/// Why an array file could not be read, converted or written.
///
/// Every case carries the path (or `path!member` inside an archive) and the values that decide; `description` is one
/// sentence with the remedy.
public enum ArrayFileError: Error, Equatable, Sendable {
    /// A system call failed; `code` is `errno`.
    case system(operation: String, path: String, code: Int32)
    /// The path names a folder, pipe or device.
    case notAFile(path: String)
    /// The file promises more bytes than it has.
    case truncated(path: String, part: String, needed: Int, available: Int)
    /// The bytes contradict the format.
    case malformed(path: String, reason: String)
    /// The bytes follow the format but use a part of it that this reader refuses.
    case unsupported(path: String, reason: String)
    /// An archive has no member or tensor of this name.
    case missing(path: String, name: String, available: [String])
    /// A member's bytes do not have the checksum the archive states.
    case checksum(path: String, expected: UInt32, found: UInt32)
    /// Converting an element would change its value.
    case inexact(path: String, index: Int, value: String, target: String)
}

extension ArrayFileError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .system(let operation, let path, let code):
            "\(path): \(operation) failed with \(systemMessage(code)) (errno \(code)); check the path and permissions."
        case .notAFile(let path):
            "\(path) is not a regular file; give the path of a file."
        case .truncated(let path, let part, let needed, let available):
            "\(path): \(part) needs \(needed) bytes but \(available) are there; the file is cut off, fetch it again."
        case .malformed(let path, let reason):
            "\(path) is damaged: \(reason); make or fetch the file again."
        case .unsupported(let path, let reason):
            "\(path): \(reason)."
        case .missing(let path, let name, let available):
            "\(path) has no \"\(name)\"; it holds \(summary(of: available))."
        case .checksum(let path, let expected, let found):
            "\(path) has CRC-32 \(hex(found)) where the archive states \(hex(expected)); fetch the file again."
        case .inexact(let path, let index, let value, let target):
            "\(path): element \(index) is \(value), which \(target) cannot hold exactly; read it as a wider type."
        }
    }

    private func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }

    private func summary(of names: [String]) -> String {
        if names.isEmpty { return "nothing" }
        let shown = names.prefix(8).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}
