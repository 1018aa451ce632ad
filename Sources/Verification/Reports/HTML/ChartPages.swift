/// One metric over all versions of the sound, on one axis.
struct MetricPlot {
    struct Row {
        let version, text, id: String
        let bars: [IntervalBar]
    }

    let metric, unit, better: String
    let low, high: String
    let rows: [Row]

    private static let prefixes = ["roundtrip.", "griffinlim."]

    /// A plot for each metric that was planned for the round trips, in the order of the run.
    static func all(_ findings: [Finding], seed: UInt64) -> [MetricPlot] {
        var order: [String] = []
        var groups: [String: [Finding]] = [:]
        for finding in findings where prefixes.contains(where: finding.id.hasPrefix) {
            let key = finding.plan.variant
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(finding)
        }
        return order.map { MetricPlot($0, groups[$0] ?? [], seed) }
    }

    private init(_ metric: String, _ findings: [Finding], _ seed: UInt64) {
        let estimates = findings.map { Estimate($0, seed: seed) }
        let axis = IntervalBar.Axis(estimates.flatMap { $0?.extent ?? [] }, air: 0.06)
        self.metric = metric
        unit = findings.first.map { $0.plan.unit == "1" ? "" : $0.plan.unit } ?? ""
        better = findings.first?.plan.direction.advice ?? ""
        low = axis?.low.shortText ?? ""
        high = axis?.high.shortText ?? ""
        rows = zip(findings, estimates).map { finding, estimate in
            let version = SegmentTable.version(finding.plan)
            let text = estimate?.text ?? finding.foundText
            let bar = estimate.flatMap { estimate in
                axis.map { IntervalBar(estimate, axis: $0, label: "\(version): \(text)") }
            }
            return Row(version: version, text: text, id: finding.id, bars: bar.map { [$0] } ?? [])
        }
    }
}

/// How much each stage of a path loses, from the first to the last.
struct LadderChart {
    struct Step {
        let title, text, change, id: String
        let style: String
        let bars: [IntervalBar]
    }

    let name, unit, better: String
    let low, high: String
    let steps: [Step]

    /// A ladder for each path and metric: ids are `ladder.PATH.STAGE.METRIC`, stages in the order of the run.
    static func all(_ findings: [Finding], seed: UInt64) -> [LadderChart] {
        var order: [[String]] = []
        var groups: [[String]: [Finding]] = [:]
        for finding in findings where finding.id.hasPrefix("ladder.") {
            let path = finding.id.split(separator: ".")[1]
            let key = [String(path), finding.plan.variant]
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(finding)
        }
        return order.map { LadderChart($0.joined(separator: ", "), groups[$0] ?? [], seed) }
    }

    private init(_ name: String, _ findings: [Finding], _ seed: UInt64) {
        let estimates = findings.map { Estimate($0, seed: seed) }
        let axis = IntervalBar.Axis(estimates.flatMap { $0?.extent ?? [] }, air: 0.06)
        self.name = name
        unit = findings.first.map { $0.plan.unit == "1" ? "" : $0.plan.unit } ?? ""
        better = findings.first?.plan.direction.advice ?? ""
        low = axis?.low.shortText ?? ""
        high = axis?.high.shortText ?? ""
        var previous: Double?
        steps = zip(findings, estimates).map { finding, estimate in
            defer { previous = estimate?.value ?? previous }
            return Self.step(finding, estimate, axis, previous)
        }
    }

    private static func step(
        _ finding: Finding, _ estimate: Estimate?, _ axis: IntervalBar.Axis?, _ previous: Double?
    ) -> Step {
        let text = estimate?.text ?? finding.foundText
        var (change, style) = ("", "")
        if let estimate, let previous {
            let delta = estimate.value - previous
            let harm =
                Statistic.badness(estimate.value, finding.plan.direction)
                - Statistic.badness(previous, finding.plan.direction)
            change = (delta > 0 ? "+" : "") + delta.shortText
            style = harm > 0 ? "loss" : harm < 0 ? "gain" : ""
        }
        let bar = estimate.flatMap { estimate in
            axis.map {
                IntervalBar(estimate, axis: $0, label: "\(finding.plan.title): \(text) \(change)", previous: previous)
            }
        }
        return Step(
            title: finding.plan.title, text: text, change: change, id: finding.id, style: style,
            bars: bar.map { [$0] } ?? [])
    }
}

extension Finding.Direction {
    /// What a reader of a plot must know.
    var advice: String {
        switch self {
        case .higher: "further right is better"
        case .lower: "further left is better"
        case .zero: "closer to 0 is better"
        case .none: "a plain fact"
        }
    }
}

/// Harm over the film's time.
struct TimelineChart {
    struct Lane {
        let label, path: String
    }
    struct Tick {
        let place: Double
        let text: String
    }

    /// Width of the drawing; one unit is a thousandth of the film.
    private static let width = 1000.0

    let lanes: [Lane]
    let ticks: [Tick]
    let seconds: Double
    let summary: String

    /// Nil without segments.
    init?(_ table: SegmentTable) {
        guard let end = table.rows.map(\.end).max(), end > 0 else { return nil }
        seconds = end
        lanes = ContentLabel.allCases.compactMap { label in
            let path = table.rows.filter { $0.label == label }.map { Self.bar($0, end) }.joined()
            return path.isEmpty ? nil : Lane(label: label.rawValue, path: path)
        }
        ticks = (0...4).map { step in
            Tick(place: Double(step) * 25, text: SegmentTable.clock(end * Double(step) / 4))
        }
        let worst = table.worstFirst.prefix(3).map { table.rows[$0] }
        summary =
            "\(table.rows.count) segments over \(SegmentTable.clock(end)); the worst: "
            + worst.map { "\($0.time) \($0.label.rawValue)" }.joined(separator: ", ")
    }

    /// One bar as path data: from the base line up by the harm.
    private static func bar(_ row: SegmentTable.Row, _ end: Double) -> String {
        let place = { (seconds: Double) in (seconds / end * width * 10).rounded() / 10 }
        let height = ((row.harm ?? 0) * 54 + 3).rounded()
        let (left, right) = (place(row.start), place(row.end))
        return "M\(left) 60V\(60 - height)H\(right)V60z"
    }
}
