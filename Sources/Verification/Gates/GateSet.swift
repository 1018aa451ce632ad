internal import Foundation
internal import NumericCore
internal import Yams

/// All gates of a gate file.
public struct GateSet: Sendable, Equatable {
    /// Format of the file, written in its first line.
    public static let schema = "codecgate.gates/1"

    /// In the order of the file; ids are unique.
    public let gates: [Gate]
    /// The file, or a name for the shipped defaults.
    public let source: String
    /// Digest of its bytes, so that a report says by which lines it judged.
    public let sha256: String

    /// Parses a gate file.
    ///
    /// - Parameters:
    ///   - text: YAML.
    ///   - path: For messages.
    /// - Throws: ``GateFileError`` for the first thing that is not exactly as it should be.
    public init(parsing text: String, path: String) throws(GateFileError) {
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch { throw Self.syntax(error, path: path) }
        guard let node else {
            throw GateFileError(
                path: path, line: 1, key: "", problem: "the file is empty", remedy: "copy the shipped gates.yaml")
        }
        let top = try StrictMapping(node, path: path, key: "")
        try top.allow(["schema", "gates"])
        let schema = try top.text("schema")
        guard schema == Self.schema else { throw top.error("schema", "is '\(schema)'", "write \(Self.schema)") }
        var gates: [Gate] = []
        var lines: [String: Int] = [:]
        for entry in try top.mappings("gates") {
            let gate = try Gate(entry)
            if let first = lines.updateValue(gate.line, forKey: gate.id) {
                throw entry.error("id", "'\(gate.id)' is already that of line \(first)", "give each gate its own id")
            }
            gates.append(gate)
        }
        self.gates = gates
        source = path
        sha256 = SHA256.hexadecimal(of: Array(text.utf8))
    }

    /// Reads a gate file.
    ///
    /// - Parameter path: UTF-8 text.
    /// - Throws: ``GateFileError``.
    public init(contentsOf path: String) throws(GateFileError) {
        let text: String
        do { text = try String(contentsOf: URL(filePath: path), encoding: .utf8) } catch {
            throw GateFileError(
                path: path, line: 0, key: "", problem: "the file cannot be read (\(error.localizedDescription))",
                remedy: "pass --gates FILE with a UTF-8 text, or leave it out for the shipped gates")
        }
        try self.init(parsing: text, path: path)
    }

    /// The shipped gates.
    ///
    /// - Returns: The gates that are built into the program.
    /// - Throws: ``GateFileError``, which a test rules out.
    public static func shipped() throws(GateFileError) -> GateSet {
        try GateSet(parsing: shippedText, path: "gates.yaml (shipped)")
    }

    /// The shipped gate file, as a template for a user's own.
    public static var shippedText: String { String(decoding: PackageResources.gates_yaml, as: UTF8.self) }

    private static func syntax(_ error: any Error, path: String) -> GateFileError {
        let (line, problem) =
            switch error as? YamlError {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, problem)
            case .duplicatedKeysInMapping(let keys, let context):
                (context.mark.line, "the key '\(keys.sorted().joined(separator: "', '"))' stands there twice")
            case .reader(let problem, _, _, _): (0, problem)
            default: (0, "\(error)")
            }
        return GateFileError(path: path, line: line, key: "", problem: problem, remedy: "correct the YAML")
    }
}
