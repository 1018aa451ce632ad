/// Pairs of recordings named by a CSV file: reference and test in two columns.
struct PairList: Sendable {
    /// One row; paths are relative to the list's folder.
    enum Row: Sendable {
        case pair(reference: String, test: String)
        case malformed(String)
    }

    let rows: [Row]

    /// Reads a list.
    ///
    /// A first row `reference,test` is a header; empty lines are passed over; cells may be quoted.
    ///
    /// - Parameter path: The CSV file, in UTF-8.
    /// - Throws: ``CommandError`` when it cannot be read, is not text or holds no pair.
    init(path: String) throws(CommandError) {
        let folder = String(path.reversed().drop { $0 != "/" }.reversed())
        let lines = try TextFile.read(path, as: "list").split(omittingEmptySubsequences: false) { $0.isNewline }
        var rows: [Row] = []
        for (number, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            let cells = Self.cells(line)
            if rows.isEmpty, ["ref", "reference"].contains(cells.first?.lowercased()),
                cells.last?.lowercased() == "test"
            {
                continue
            }
            if cells.count == 2, !cells.contains("") {
                let paths = cells.map { $0.hasPrefix("/") ? $0 : folder + $0 }
                rows.append(.pair(reference: paths[0], test: paths[1]))
            } else {
                rows.append(
                    .malformed("line \(number + 1) of '\(path)' is not two names: '\(line)'; write reference,test"))
            }
        }
        guard !rows.isEmpty else {
            throw .badInput("the list '\(path)' names no pair; write one reference,test a line")
        }
        self.rows = rows
    }

    /// The cells of one line; a doubled quote inside quotes is a quote.
    private static func cells(_ line: Substring) -> [String] {
        var (cells, isQuoted, wasQuote) = ([""], false, false)
        for character in line {
            switch character {
            case "\"":
                if wasQuote, !isQuoted { cells[cells.count - 1].append("\"") }
                isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
            wasQuote = character == "\"" && !isQuoted
        }
        return cells.map { trimmed($0) }
    }

    private static func trimmed(_ text: String) -> String {
        String(String(text.drop(while: \.isWhitespace)).reversed().drop(while: \.isWhitespace).reversed())
    }
}
