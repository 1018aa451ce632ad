import Foundation
import TestSupport
import Testing

struct CompletionTests {
    @Test(
        "The completion script of each shell knows the commands",
        arguments: ["bash", "zsh", "fish"])
    func scripts(shell: String) throws {
        let script = try Program.succeed(["--generate-completion-script", shell])
        for command in HelpTree.commands { #expect(command.words.allSatisfy { script.contains($0) }) }
    }

    /// A command line up to the cursor, and what must and must not be offered there.
    struct Line: CustomTestStringConvertible, Sendable {
        let words: [String]
        let offered: [String]
        var testDescription: String { words.joined(separator: " ") }
    }

    @Test(
        "bash completes commands, ids of codecs, presets, closed choices, files by their kind and folders",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash"), "needs bash"),
        arguments: [
            Line(words: ["codecgate", "enc"], offered: ["encode"]),
            Line(words: ["codecgate", "codec", "f"], offered: ["fetch"]),
            Line(words: ["codecgate", "codec", "inspect", "m"], offered: ["mini"]),
            Line(words: ["codecgate", "encode", "film.wav", "--codec", "fac"], offered: ["facebook/encodec_24khz"]),
            Line(words: ["codecgate", "codec", "fetch", "facebook/encodec_4"], offered: ["facebook/encodec_48khz"]),
            Line(words: ["codecgate", "decode", "fi"], offered: ["film.npy", "film_encodec.npz"]),
            Line(words: ["codecgate", "decode", "film.npy", "--subtype", "f"], offered: ["float"]),
            Line(words: ["codecgate", "metrics", "film.wav", "decoded.wav", "--align", "l"], offered: ["lag"]),
            Line(words: ["codecgate", "metrics", "film.wav", "decoded.wav", "--metrics", "spee"], offered: ["speech"]),
            Line(words: ["codecgate", "metrics", "--list", "p"], offered: ["pairs.csv"]),
            Line(words: ["codecgate", "doctor", "--goldens", "Gol"], offered: ["GoldenData"]),
        ])
    func bash(line: Line) throws {
        let folder = try ExampleFolder()
        let script = try Program.succeed(["--generate-completion-script", "bash"])
        let words = line.words.map { "'\($0)'" }.joined(separator: " ")
        // What bash does when the tab key is pressed.
        let press = """
            \(script)
            COMP_WORDS=(\(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="${COMP_WORDS[*]}"
            COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
            compopt() { :; }
            "$(complete -p codecgate | sed 's/.*-F \\([^ ]*\\).*/\\1/')" codecgate "${COMP_WORDS[COMP_CWORD]}" \
                "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let outcome = try folder.run("bash -O extglob -c '\(press.replacingOccurrences(of: "'", with: "'\\''"))'")
        let offered = outcome.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(Set(offered).subtracting([""]) == Set(line.offered), "\(outcome.error)")
    }
}
