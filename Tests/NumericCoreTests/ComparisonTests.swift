import TestSupport
import Testing

/// The comparison that every numeric test trusts must itself fail when it should.
struct ComparisonTests {
    @Test(
        arguments: [
            ([1, 2], [1, 2.5]), ([1, .nan], [1, 2]), ([1, 2], [1, .nan]), ([.nan], [.nan]), ([.infinity], [.infinity]),
            ([1], [1, 2]), ([], [0]),
        ] as [([Float], [Float])])
    func `differences and values that are not finite are issues`(actual: [Float], expected: [Float]) {
        withKnownIssue { expectClose(actual, expected, bound: 0.1, relativeTo: .absolute) }
    }

    @Test func `the bound is inclusive and in the stated unit`() {
        expectClose([1.5, 2] as [Double], [1, 2], bound: 0.5, relativeTo: .absolute)
        expectClose([1.5, 4] as [Double], [1, 4], bound: 0.125, relativeTo: .peak)
        expectClose([1.5, 4] as [Double], [1, 4], bound: 0.5, relativeTo: .elementwise)
        expectClose([] as [Double], [], bound: 0, relativeTo: .peak)
        withKnownIssue { expectClose([1.51, 2] as [Double], [1, 2], bound: 0.5, relativeTo: .absolute) }
        withKnownIssue { expectClose([1.51, 4] as [Double], [1, 4], bound: 0.125, relativeTo: .peak) }
        withKnownIssue { expectClose([1.5, 4] as [Double], [1, 4], bound: 0.4, relativeTo: .elementwise) }
        withKnownIssue { expectClose([0.1, 4] as [Double], [0, 4], bound: 0.4, relativeTo: .elementwise) }
        withKnownIssue { expectClose([1] as [Double], [1], bound: .nan, relativeTo: .absolute) }
    }

    @Test func `the measured error is returned and the message names the worst element`() {
        #expect(expectClose([1, 3, 4] as [Double], [1, 2, 4], bound: 1, relativeTo: .peak) == 0.25)
        withKnownIssue {
            expectClose([1, 3, 9] as [Double], [1, 2, 4], bound: 0.5, relativeTo: .absolute, "case")
        } matching: { issue in
            let expected = "case: [2] is 9.0, not 4.0: error 5.0 exceeds 0.5; 2 of 3 elements fail"
            return issue.comments.contains { $0.rawValue == expected }
        }
    }

    @Test func `equality names the first difference`() {
        expectEqual([1, 2], [1, 2])
        withKnownIssue { expectEqual([1, 2], [1, 2, 3]) }
        withKnownIssue {
            expectEqual([1, 5, 6], [1, 2, 3])
        } matching: {
            $0.comments.contains { $0.rawValue == "[1] is 5, not 2; 2 of 3 differ" }
        }
    }
}
