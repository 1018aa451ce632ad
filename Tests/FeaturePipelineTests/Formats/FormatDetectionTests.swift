import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct FormatDetectionTests {
    @Test("Every array of the table gets the answers the table states", arguments: FormatDetectionTable.rows)
    func answers(row: FormatDetectionTable.Row) {
        let outcome = row.run()
        #expect(row.expected.isMet(by: outcome.detection.format), "\(outcome.detection.format), not \(row.expected)")
        #expect(outcome.compat == row.compat)
        #expect(outcome.head == row.head)
        if outcome.detection.format.isDecided { #expect(outcome.detection.evidence.count >= 2) }
    }

    @Test func `the table has at least forty rows, all named differently, and the dtype rule errs in many`() {
        let rows = FormatDetectionTable.rows
        #expect(rows.count >= 40)
        #expect(Set(rows.map(\.name)).count == rows.count)
        let wrong = rows.filter { !$0.run().compatIsRight }
        #expect(wrong.count > rows.count / 3, "\(wrong.count) of \(rows.count)")
    }
}
