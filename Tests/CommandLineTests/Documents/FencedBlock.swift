/// A block of a Markdown document between lines of three backticks.
struct FencedBlock {
    /// A line of shell that a reader would type.
    struct Command: Equatable {
        /// Where it begins, counted from 1.
        let line: Int
        /// Without prompt and comment; continued lines are joined.
        let text: String
    }

    /// What follows the opening backticks.
    let language: String
    /// Its lines and their numbers.
    let lines: [(number: Int, text: String)]

    /// The blocks of a document; one that is not closed ends with it.
    static func all(in markdown: String) -> [FencedBlock] {
        var blocks: [FencedBlock] = []
        var open: (language: String, lines: [(Int, String)])?
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = String(line)
            if text.trimmingPrefix(while: { $0 == " " }).hasPrefix("```") {
                if let block = open { blocks.append(FencedBlock(language: block.language, lines: block.lines)) }
                let language = text.drop { $0 == " " || $0 == "`" }
                open = open == nil ? (String(language), []) : nil
            } else {
                open?.lines.append((index + 1, text))
            }
        }
        if let block = open { blocks.append(FencedBlock(language: block.language, lines: block.lines)) }
        return blocks
    }

    /// The commands: lines of `sh`, lines after `$ ` of `console`, `run` and `script` of `yaml`; of a block without a
    /// language, lines that begin with a program, so that nothing escapes by a forgotten word.
    var commands: [Command] {
        switch language {
        case "sh", "bash", "shell": Self.joined(lines)
        case "console":
            Self.joined(
                lines.compactMap { line in
                    line.text.hasPrefix("$ ") ? (line.number, String(line.text.dropFirst(2))) : nil
                })
        case "yaml":
            Self.joined(lines.compactMap { line in Self.step(line.text).map { (line.number, $0) } })
        case "":
            Self.joined(
                lines.filter { line in
                    ["codecgate ", "make ", "swift ", "./", ".build/"].contains { line.text.hasPrefix($0) }
                })
        default: []
        }
    }

    /// What a line of a pipeline's description runs.
    private static func step(_ line: String) -> String? {
        let text = line.drop { $0 == " " || $0 == "-" }
        for key in ["run: ", "script: "] where text.hasPrefix(key) { return String(text.dropFirst(key.count)) }
        return nil
    }

    private static func joined(_ lines: [(number: Int, text: String)]) -> [Command] {
        var commands: [Command] = []
        var begun: (line: Int, text: String)?
        for (number, line) in lines {
            let text = withoutComment(line)
            let whole = (begun.map { $0.text + " " } ?? "") + text.trimmed
            if whole.hasSuffix("\\") {
                begun = (begun?.line ?? number, String(whole.dropLast()).trimmed)
            } else {
                if !whole.isEmpty { commands.append(Command(line: begun?.line ?? number, text: whole)) }
                begun = nil
            }
        }
        return commands
    }

    /// A line up to a `#` that begins a word outside quotation marks.
    private static func withoutComment(_ line: String) -> String {
        var (quote, previous): (Character?, Character) = (nil, " ")
        for index in line.indices {
            let character = line[index]
            if character == quote {
                quote = nil
            } else if quote == nil {
                if character == "#", previous == " " { return String(line[..<index]) }
                if character == "'" || character == "\"" { quote = character }
            }
            previous = character
        }
        return line
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
