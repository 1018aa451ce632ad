import Testing

struct HelpTests {
    @Test("The program describes all its commands")
    func commandsAreFound() {
        let names = HelpTree.commands.map { $0.words.joined(separator: " ") }
        for name in ["", "encode", "decode", "metrics", "codec fetch", "bench encodec", "doctor", "verify"] {
            #expect(names.contains(name), "\(name) in \(names)")
        }
    }

    @Test("Each command's help fits a screen and has an example", arguments: HelpTree.commands)
    func helpFitsAScreen(command: HelpTree.Command) throws {
        let help = try Program.succeed(command.words + ["--help"])
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 45, "\(lines.count) lines")
        #expect(help.contains("USAGE: codecgate"))
        let examples = command.examples
        #expect(!examples.isEmpty)
        for example in examples { #expect(example.hasPrefix(command.testDescription), "\(example)") }
    }

    @Test("Each example of a help text runs as it stands", arguments: HelpTree.examples)
    func exampleRuns(example: HelpTree.Command.Example) throws {
        let folder = try ExampleFolder()
        let outcome = try folder.run(example.line)
        // 1 and 3 are verdicts: the example ran.
        #expect([0, 1, 3].contains(outcome.status), "status \(outcome.status): \(outcome.error)")
        #expect(!outcome.error.contains("Error:"), "\(outcome.error)")
        #expect(!outcome.output.isEmpty)
    }

    @Test("An example that does not run is noticed")
    func badExample() throws {
        let folder = try ExampleFolder()
        #expect(try folder.run("codecgate encode absent.mp4 -o film.npy").status == 66)
        #expect(try folder.run("codecgate nonsense").status == 64)
    }
}
