/// How a number came about, step by step: the curves of one finding on one pair of axes.
struct CurveChart {
    struct Line {
        let title, path, style, ends: String
    }

    /// Extents of the drawing; both are scaled to the figure.
    private static let width = 1000.0
    private static let height = 200.0

    let title, summary: String
    let low, high, count: String
    let lines: [Line]

    /// A chart for each finding with curves, in the order of the run.
    static func all(_ findings: [Finding]) -> [CurveChart] { findings.compactMap(CurveChart.init) }

    /// Nil without two steps.
    private init?(_ finding: Finding) {
        let longest = finding.curves.map(\.values.count).max() ?? 0
        // A training that jumps at its start would flatten all that comes after: what is above the drawing is cut.
        let limit = 2 * (finding.curves.compactMap { $0.values.first?.magnitude }.max() ?? 0)
        let shown = finding.curves.flatMap(\.values).filter { $0 <= limit }
        guard longest > 1, let axis = IntervalBar.Axis(shown, air: 0.05) else { return nil }
        title = finding.plan.title
        (low, high, count) = (axis.low.shortText, axis.high.shortText, "\(longest)")
        let styles = ["first", "second", "third"]
        lines = finding.curves.enumerated().map { index, curve in
            let ends = [curve.values.first, curve.values.min(), curve.values.last].map { $0?.shortText ?? "none" }
            return Line(
                title: curve.title, path: Self.path(curve.values, axis, longest), style: styles[index % styles.count],
                ends: "\(ends[0]) at first, \(ends[1]) at best, \(ends[2]) at last")
        }
        summary = lines.map { "\($0.title): \($0.ends)" }.joined(separator: "; ")
    }

    /// From left to right; larger numbers are further up.
    private static func path(_ values: [Double], _ axis: IntervalBar.Axis, _ longest: Int) -> String {
        values.enumerated().map { index, value in
            let x = (width * Double(index) / Double(longest - 1) * 10).rounded() / 10
            let y = ((100 - axis.place(value)) * height / 100 * 10).rounded() / 10
            return "\(index == 0 ? "M" : "L")\(x) \(y)"
        }.joined()
    }
}
