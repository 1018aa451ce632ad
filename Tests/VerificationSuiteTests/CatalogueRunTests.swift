import Foundation
import TestSupport
import Testing
import Verification

/// What a run of the catalogue leaves when it is not complete.
struct CatalogueRunTests {
    @Test("A filtered run leaves no green file: the old one goes away, and the new one says how far it came")
    func filtered() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("catalogue-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let junit = folder.appendingPathComponent("junit.xml")
        for name in ["junit.xml", "report.html", "summary.md"] {
            try Data("green".utf8).write(to: folder.appendingPathComponent(name))
        }
        let run = CatalogueRun(folder, trCount: 2)
        let checks = try await run.checks()
        #expect(checks.count > 30)
        #expect(try String(contentsOf: junit, encoding: .utf8).contains("run has not ended"))
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("report.html").path))
        let findings = try await run.measure("features.defaults")
        let text = try String(contentsOf: junit, encoding: .utf8)
        #expect(text.contains("run ended early after \(findings.count) of ") && !text.contains("errors=\"0\" time"))
        let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
        #expect(page.contains("CANNOT TELL"))
        #expect(try await run.finish() == nil)
        #expect(try String(contentsOf: junit, encoding: .utf8) == text)
    }
}
