import Foundation

/// How a number came about, step by step: the curves of one finding on one pair of axes.
///
/// The upright axis is logarithmic where every value is above 0: one step that goes astray by hundreds would flatten all
/// others.
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
    /// Where 1 lies, if it is on the axis.
    let constant: String?

    /// A chart for each finding with curves, in the order of the run.
    static func all(_ findings: [Finding]) -> [CurveChart] { findings.compactMap(CurveChart.init) }

    /// Nil without two steps.
    private init?(_ finding: Finding) {
        let longest = finding.curves.map(\.values.count).max() ?? 0
        let values = finding.curves.flatMap(\.values)
        let isLogarithmic = values.allSatisfy { $0 > 0 }
        let scale = { (value: Double) in isLogarithmic ? log10(value) : value }
        guard longest > 1, let least = values.min(), let most = values.max(),
            let axis = IntervalBar.Axis(values.map(scale), air: 0.05)
        else { return nil }
        title = finding.plan.title
        (low, high, count) = (least.shortText, most.shortText, "\(longest)")
        let isAcross = isLogarithmic && axis.low < 0 && axis.high > 0
        constant = isAcross ? Self.path([0, 0], axis, 2) : nil
        let styles = ["first", "second", "third"]
        lines = finding.curves.enumerated().map { index, curve in
            let ends = [curve.values.first, curve.values.min(), curve.values.last].map { $0?.shortText ?? "none" }
            return Line(
                title: curve.title, path: Self.path(curve.values.map(scale), axis, longest),
                style: styles[index % styles.count],
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
