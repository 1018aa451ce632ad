import Testing

struct DocumentTests {
    @Test("README, CONTRIBUTING and the articles show commands")
    func documentsAreFound() {
        for path in ["README.md", "CONTRIBUTING.md"] {
            #expect(Documents.all.contains { $0.path == path }, "\(Documents.all.map(\.path))")
        }
        #expect(Documents.all.contains { $0.path.hasPrefix("Sources/") }, "\(Documents.all.map(\.path))")
    }

    @Test("Each command that a document shows runs as it stands, one after the other", arguments: Documents.all)
    func commandsRun(document: Documents.Document) throws {
        let folder = try ExampleFolder()
        for (line, text) in Documents.commandsToRun(in: document) {
            let outcome = try folder.run(text)
            #expect(
                Self.expectedStatuses(of: text).contains(outcome.status),
                "\(document.path):\(line): \(text): status \(outcome.status), \(outcome.error)")
            #expect(!outcome.error.contains("Error:"), "\(document.path):\(line): \(text): \(outcome.error)")
        }
    }

    /// 1 and 3 are answers of commands that judge; anything else must succeed.
    private static func expectedStatuses(of text: String) -> Set<Int32> {
        let judging = ["verify", "gate", "explain", "compare", "merge", "selfcheck", "detect", "doctor", "bench"]
        return judging.contains { text.hasPrefix("codecgate \($0)") } ? [0, 1, 3] : [0]
    }

    @Test("README shows every command of the program")
    func readmeIsComplete() {
        let shown = Documents.all.first { $0.path == "README.md" }?.commands.map(\.text) ?? []
        for command in HelpTree.commands where command.words.count == 1 {
            let name = command.testDescription
            #expect(shown.contains { $0 == name || $0.hasPrefix(name + " ") }, "\(name)")
        }
    }

    @Test("What is listed as not run is shown somewhere", arguments: Documents.notRun.keys.sorted())
    func listIsNotStale(text: String) {
        #expect(Documents.all.contains { $0.commands.contains { $0.text == text } })
    }

    @Test("Commands are found in every kind of block, with continued lines and without comments")
    func parsing() {
        let markdown = """
            Text `codecgate inline` is no command.
            ```sh
            codecgate encode a.wav \\
                -o b.npy   # a comment
            # only a comment
            echo "a # b" 'c # d' e#f # g
            ```
            ```console
            $ codecgate doctor
            ok FFTW
            ```
            ```yaml
            - run: .build/release/codecgate verify film.mp4 --out Reports
              if: always()
              script: codecgate gate --phase 2
            ```
            ```swift
            codecgate nothing
            ```
            ```
            Sources/C*   libraries
            codecgate forgotten
            ```
            """
        let commands = Documents.Document(path: "x.md", markdown: markdown).commands
        #expect(
            commands.map(\.text) == [
                "codecgate encode a.wav -o b.npy", "echo \"a # b\" 'c # d' e#f", "codecgate doctor",
                "codecgate verify film.mp4 --out Reports", "codecgate gate --phase 2", "codecgate forgotten",
            ])
        #expect(commands.map(\.line) == [3, 6, 9, 13, 15, 22])
    }
}
