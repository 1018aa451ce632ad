import Foundation
import Testing
import Verification

/// The whole catalogue on the embedded clip, one case a check.
///
/// Leaves `Reports/junit.xml` and `Reports/report.html`, whatever the checks say. Both are rewritten from the first case
/// on, so that a run that is filtered, or that crashes, leaves them red: they then speak of a run that ended early.
@Suite(.serialized) struct CatalogueTests {
    @Test("Each check of the catalogue measures what it planned", arguments: try await CatalogueRun.shared.checks())
    func check(id: String) async throws {
        let findings = try await CatalogueRun.shared.measure(id)
        #expect(!findings.isEmpty)
        for finding in findings {
            switch finding.outcome {
            case .failed(let reason): Issue.record("\(finding.id) broke: \(reason)")
            case .notMeasured(let reason, _):
                Issue.record("\(finding.id) is not measured: \(reason)", severity: .warning)
            case .value, .segments: break
            }
        }
    }

    /// Runs behind the cases above, which the suite serialises in the order of this file.
    @Test("The gates that the implementation answers for hold, and the report is complete")
    func gates() async throws {
        guard let report = try await CatalogueRun.shared.finish() else {
            Issue.record("the run was filtered: Reports/junit.xml says so", severity: .warning)
            return
        }
        for result in report.evaluation.results where result.decision == .fail && result.isBlocking {
            // The embedded codec is a demonstration: how good it sounds is for the report, not for this test.
            let isAboutQuality = ["quality.", "roundtrip.", "better.", "level"].contains {
                result.gate.id.hasPrefix($0)
            }
            Issue.record("\(result.gate.id): \(result.reason)", severity: isAboutQuality ? .warning : .error)
        }
        #expect(report.evaluation.results.contains { $0.decision == .pass })
    }
}
