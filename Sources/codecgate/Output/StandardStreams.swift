import FoundationEssentials
import Glibc

/// Results go to standard output, everything else to standard error.
enum StandardStreams {
    /// Writes text to standard error at once.
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes text to standard output at once.
    ///
    /// - Throws: ``CommandError/unwritable(_:)``, for instance when the disk behind a redirection is full.
    static func output(_ text: String) throws(CommandError) {
        guard write(text, to: STDOUT_FILENO) else {
            throw .unwritable("standard output cannot be written (errno \(errno)); check what it is connected to")
        }
    }

    /// Writes a value as JSON with sorted keys in snake case, so that equal values give equal bytes.
    ///
    /// - Throws: ``CommandError/unwritable(_:)``, or an encoding error, which is a defect of this program.
    static func json(_ value: some Encodable) throws { try json(value, [.prettyPrinted]) }

    /// Writes a value as JSON on one line, otherwise as ``json(_:)`` does.
    ///
    /// - Throws: ``CommandError/unwritable(_:)``, or an encoding error, which is a defect of this program.
    static func jsonLine(_ value: some Encodable) throws { try json(value, []) }

    private static func json(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try output(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
