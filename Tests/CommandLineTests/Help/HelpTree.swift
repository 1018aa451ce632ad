import Foundation
import Testing

/// Every command of the program as the program itself describes it, so that a new one is tested without being named.
enum HelpTree {
    struct Command: CustomTestStringConvertible, Sendable {
        /// The words after `codecgate`.
        let words: [String]
        /// The text below the abstract.
        let discussion: String

        var testDescription: String { (["codecgate"] + words).joined(separator: " ") }

        /// What stands after `Example:` at the beginning of a line.
        var examples: [String] {
            discussion.split(separator: "\n").compactMap { line in
                line.hasPrefix("Example: ") ? String(line.dropFirst("Example: ".count)) : nil
            }
        }
    }

    private struct Dump: Decodable {
        struct Node: Decodable {
            let commandName: String
            let discussion: String?
            let subcommands: [Node]?
        }

        let command: Node
    }

    /// All commands, the root first; empty when the program does not describe itself, which the tests refuse.
    static let commands: [Command] = {
        do {
            let text = try Program.succeed(["--experimental-dump-help"])
            return flat(try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).command, above: nil)
        } catch {
            print("no description of the commands: \(error)")
            return []
        }
    }()

    private static func flat(_ node: Dump.Node, above: [String]?) -> [Command] {
        // The parser's own command.
        guard node.commandName != "help" else { return [] }
        let words = above.map { $0 + [node.commandName] } ?? []
        return [Command(words: words, discussion: node.discussion ?? "")]
            + (node.subcommands ?? []).flatMap { flat($0, above: words) }
    }
}

extension HelpTree.Command {
    /// An example of a command's help.
    struct Example: CustomTestStringConvertible, Sendable {
        let line: String
        var testDescription: String { line }
    }
}

extension HelpTree {
    /// The examples of all commands, each once.
    static let examples: [Command.Example] = {
        var seen: Set<String> = []
        return commands.flatMap(\.examples).filter { seen.insert($0).inserted }.map { Command.Example(line: $0) }
    }()
}
