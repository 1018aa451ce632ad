/// One line of what the doctor found.
struct Diagnosis: Encodable, Equatable {
    /// How it stands.
    enum Level: String, Encodable {
        /// As it should be.
        case ok
        /// Something will be missing or slow, and nothing fails.
        case note
        /// `verify` cannot do its work.
        case problem
    }

    let subject: String
    let level: Level
    /// What is there, with its value.
    let text: String
    /// What to do; nil when nothing has to be done.
    let remedy: String?

    static func ok(_ subject: String, _ text: String) -> Diagnosis {
        Diagnosis(subject: subject, level: .ok, text: text, remedy: nil)
    }

    static func note(_ subject: String, _ text: String, _ remedy: String) -> Diagnosis {
        Diagnosis(subject: subject, level: .note, text: text, remedy: remedy)
    }

    static func problem(_ subject: String, _ text: String, _ remedy: String) -> Diagnosis {
        Diagnosis(subject: subject, level: .problem, text: text, remedy: remedy)
    }

    /// Level, subject and text in columns, and the remedy as a sentence.
    static func text(_ findings: [Diagnosis]) -> String {
        let width = findings.map(\.subject.count).max() ?? 0
        let lines = findings.map { finding in
            let level = finding.level.rawValue
            let end = finding.remedy.map { ": \($0)." } ?? ""
            return level + String(repeating: " ", count: 9 - level.count) + finding.subject
                + String(repeating: " ", count: width - finding.subject.count + 2) + finding.text + end + "\n"
        }
        func count(_ level: Level, _ noun: String) -> String {
            let count = findings.count { $0.level == level }
            return "\(count == 0 ? "no" : "\(count)") \(noun)\(count == 1 ? "" : "s")"
        }
        return lines.joined() + "\(count(.problem, "problem")), \(count(.note, "note"))\n"
    }
}
