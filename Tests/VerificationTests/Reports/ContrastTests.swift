import Foundation
import TestSupport
import Testing

/// Whether the report's colours can be told apart, by the formulas of WCAG 2.2 (1.4.3 and 1.4.11).
struct ContrastTests {
    enum Scheme: String, CaseIterable, Sendable { case light, dark, print }

    /// Colours of text with what lies behind it; a row that a link leads to gets the background of open gates.
    private static let text = [
        "ink": ["paper", "card", "pass-soft", "fail-soft", "open-soft"], "faint": ["paper", "card", "open-soft"],
        "accent": ["paper", "card", "open-soft"], "pass": ["paper", "card", "pass-soft", "open-soft"],
        "fail": ["paper", "card", "fail-soft", "open-soft"], "open": ["paper", "card", "open-soft"],
        "paper": ["accent"],
    ]
    /// Marks without which a picture cannot be read, and frames of controls.
    private static let marks = [
        "mark": ["card", "pass-soft"], "accent": ["card", "pass-soft"], "faint": ["card"], "speech": ["card"],
        "music": ["card"], "effect": ["card"], "mix": ["card"], "silence": ["card"],
    ]

    @Test("Text reaches 4.5 to 1 and marks reach 3 to 1 on everything behind them", arguments: Scheme.allCases)
    func contrast(scheme: Scheme) throws {
        let colours = try Self.colours(scheme)
        for (pairs, least) in [(Self.text, 4.5), (Self.marks, 3)] {
            for (front, backs) in pairs {
                for back in backs {
                    let ratio = try Self.ratio(#require(colours[front]), #require(colours[back]))
                    #expect(ratio >= least, "\(scheme): --\(front) on --\(back) has \(ratio)")
                }
            }
        }
    }

    @Test("The formula gives the specification's extremes")
    func formula() throws {
        #expect(abs(try Self.ratio("#000", "#ffffff") - 21) < 1e-9)
        #expect(abs(try Self.ratio("#777", "#fff") - 4.478) < 1e-3)
    }

    /// Variables of a scheme; what it does not set is the light scheme's.
    private static func colours(_ scheme: Scheme) throws -> [String: String] {
        let url = Repository.root.appendingPathComponent("Sources/Verification/Reports/Templates/report.css")
        let css = try String(contentsOf: url, encoding: .utf8)
        let starts = [
            Scheme.light: ":root {", .dark: "@media (prefers-color-scheme: dark) { :root {",
            .print: "@media print { :root {",
        ]
        var colours: [String: String] = [:]
        for part in scheme == .light ? [Scheme.light] : [.light, scheme] {
            let start = try #require(starts[part].flatMap { css.range(of: $0) }).upperBound
            let block = css[start...].prefix { $0 != "}" }
            for line in block.split(separator: ";") {
                let words = line.split(separator: ":").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
                guard words.count == 2, words[0].hasPrefix("--") else { continue }
                colours[String(words[0].dropFirst(2))] = words[1]
            }
        }
        return colours
    }

    private static func ratio(_ first: String, _ second: String) throws -> Double {
        let values = try [luminance(first), luminance(second)].sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
    }

    /// Relative luminance of #rgb or #rrggbb.
    private static func luminance(_ colour: String) throws -> Double {
        var digits = Array(colour.dropFirst())
        if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
        let parts = try stride(from: 0, to: 6, by: 2).map { index in
            let value = try #require(Int(String(digits[index...index + 1]), radix: 16))
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
