import FoundationEssentials
import VerificationSuite

/// The detection matrix as text and as JSON.
enum DetectionTable {
    /// One defect, as soon as it is known.
    static func line(_ row: SelfCheck.Row) -> String {
        let result =
            row.omission.map { "not injected: \($0)" }
            ?? (row.caughtBy.isEmpty ? "NOT NOTICED" : row.caughtBy.joined(separator: ", "))
        return "  \(row.defect.title): \(result)\n"
    }

    /// Defects down, gates across.
    static func text(_ matrix: SelfCheck.Matrix) -> String {
        let width = (matrix.rows.map(\.defect.title.count).max() ?? 0) + 2
        var text = "\n"
        for (index, gate) in matrix.gates.enumerated() {
            text += String(repeating: " ", count: width) + String(repeating: "| ", count: index) + gate + "\n"
        }
        for row in matrix.rows {
            let title = row.defect.title + String(repeating: " ", count: width - row.defect.title.count)
            text += title + matrix.gates.map { row.caughtBy.contains($0) ? "x " : ". " }.joined() + "\n"
        }
        let count = matrix.rows.count { !$0.caughtBy.isEmpty }
        text +=
            "\n\(count) of \(matrix.rows.count) defects are noticed by \(matrix.gates.count) gates that pass without one.\n"
        if !matrix.missed.isEmpty {
            text +=
                "Not noticed, which is a defect of the harness: "
                + matrix.missed.map(\.title).joined(separator: ", ") + ".\n"
        }
        if !matrix.idle.isEmpty {
            text += "Gates that noticed nothing: \(matrix.idle.joined(separator: ", ")).\n"
        }
        return text
    }

    private struct Document: Encodable {
        struct Row: Encodable {
            let defect: String
            let noticedBy: [String]
            let notInjected: String?

            enum CodingKeys: String, CodingKey {
                case defect
                case noticedBy = "noticed_by"
                case notInjected = "not_injected"
            }
        }

        let gates: [String]
        let defects: [Row]
        let missed: [String]
    }

    /// Keys sorted, one line at the end.
    static func json(_ matrix: SelfCheck.Matrix) throws -> String {
        let rows = matrix.rows.map {
            Document.Row(defect: $0.defect.rawValue, noticedBy: $0.caughtBy, notInjected: $0.omission)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(gates: matrix.gates, defects: rows, missed: matrix.missed.map(\.rawValue))
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}
