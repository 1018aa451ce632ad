import Testing

struct HelpTests {
    @Test(
        "Each command's help fits a screen and has an example",
        arguments: [
            [], ["verify"], ["gate"], ["encode"], ["decode"], ["metrics"], ["codec"], ["codec", "list"],
            ["codec", "inspect"], ["bench"],
            ["bench", "encodec"],
        ])
    func helpFitsAScreen(command: [String]) throws {
        let help = try Program.succeed(command + ["--help"])
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 45, "\(lines.count) lines")
        #expect(help.contains("Example: codecgate " + command.joined(separator: " ")))
        #expect(help.contains("USAGE: codecgate"))
    }

    @Test("The examples of encode and decode are accepted up to the file that is missing")
    func examplesParse() throws {
        let help = try Program.succeed(["encode", "--help"]) + Program.succeed(["decode", "--help"])
        let flat = help.split(whereSeparator: \.isWhitespace).map(String.init)
        let starts = flat.indices.filter { flat[$0] == "Example:" }
        #expect(starts.count == 2)
        for start in starts {
            let end = flat[start...].firstIndex(of: "USAGE:") ?? start
            let arguments = flat[(start + 2)..<end].map { $0 == "facebook/encodec_24khz" ? Program.small : $0 }
            let outcome = try Program.run(
                arguments + ["--quiet"] + (arguments[0] == "encode" ? ["--bandwidth", "1.5"] : []))
            #expect(outcome.status == 66, "\(arguments): \(outcome.error)")
        }
    }
}
