import Foundation
import TestSupport
import Testing

/// What the project tells its readers to type.
enum Documents {
    /// A document with commands.
    struct Document: CustomTestStringConvertible, Sendable {
        /// Relative to the repository.
        let path: String
        /// In the order of the document; the built program is called `codecgate` wherever it lies.
        let commands: [(line: Int, text: String)]

        var testDescription: String { path }

        init(path: String, markdown: String) {
            self.path = path
            commands = FencedBlock.all(in: markdown).flatMap(\.commands).map { command in
                let built = ".build/release/"
                return (command.line, String(command.text.dropFirst(command.text.hasPrefix(built) ? built.count : 0)))
            }
        }
    }

    /// Commands that no test runs, and why.
    static let notRun = [
        "make report": "a release build and the whole clip; .ci/run makes it",
        "make test": "runs this test; .ci/run runs it",
        "make lint": ".ci/run runs it",
        "make docs": "builds the documentation of all libraries; .ci/run makes it where the plug-in can be fetched",
        "swift build -c release --product codecgate": "a release build; make report makes it",
        "alias codecgate=.build/release/codecgate": "here the program is in the path",
    ]

    /// Commands that take seconds; they are run once, where they are shown first.
    static let slow = ["codecgate verify", "codecgate selfcheck", "codecgate bench"]

    /// The articles of the libraries, README and CONTRIBUTING, as far as they have commands.
    ///
    /// Articles come first: what they run, later lines of theirs may look at. Empty when they cannot be read, which the tests refuse.
    static let all: [Document] = {
        do {
            return try paths().map { path in
                let url = Repository.root.appendingPathComponent(path)
                return Document(path: path, markdown: try String(contentsOf: url, encoding: .utf8))
            }.filter { !$0.commands.isEmpty }
        } catch {
            print("the documents cannot be read: \(error)")
            return []
        }
    }()

    private static func paths() throws -> [String] {
        let sources = Repository.root.appendingPathComponent("Sources")
        let articles = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
            .filter { $0.contains(".docc/") && $0.hasSuffix(".md") }
        return articles.sorted().map { "Sources/\($0)" } + ["README.md", "CONTRIBUTING.md"]
    }

    /// The commands of a document that are to be run there, in order.
    static func commandsToRun(in document: Document) -> [(line: Int, text: String)] {
        let inHelp = Set(HelpTree.examples.map(\.line))
        let before = all.prefix { $0.path != document.path }.flatMap(\.commands).map(\.text)
        var shown = Set(before)
        return document.commands.filter { command in
            guard notRun[command.text] == nil, !inHelp.contains(command.text) else { return false }
            guard slow.contains(where: { command.text.contains($0) }) else { return true }
            return shown.insert(command.text).inserted
        }
    }
}
