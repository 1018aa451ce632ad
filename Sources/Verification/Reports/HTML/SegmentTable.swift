/// All stretches of the film that any finding measured, each once, with what was found on them.
struct SegmentTable {
    /// A stretch of the film.
    struct Row {
        let start, end: Double
        let label: ContentLabel
        /// Mean share of the other stretches that are better, over what gates look at; nil where nothing says so.
        var harm: Double?

        var time: String { "\(SegmentTable.clock(start))–\(SegmentTable.clock(end))" }
    }

    /// A finding over stretches.
    struct Series {
        let finding: Finding
        /// What was measured: the formula with its variant.
        let metric: String
        /// What it was measured on, such as `encodec 6kbps`.
        let version: String
        /// Row of each segment of the finding.
        let places: [Int]
    }

    private struct Key: Hashable {
        let start, end: Double
    }

    private(set) var rows: [Row]
    let series: [Series]

    /// Collects segments.
    ///
    /// - Parameters:
    ///   - findings: In the order of the run.
    ///   - judged: Ids of findings that blocking gates look at; harm is counted over them, over all when none matches.
    init(_ findings: [Finding], judged: Set<String>) {
        var labels: [Key: ContentLabel] = [:]
        for segment in findings.flatMap({ $0.outcome.segments ?? [] }) {
            let key = Key(start: segment.start, end: segment.end)
            if labels[key] == nil { labels[key] = segment.label }
        }
        let keys = labels.keys.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        let places = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
        rows = keys.map { Row(start: $0.start, end: $0.end, label: labels[$0] ?? .mix) }
        series = findings.compactMap { finding in
            guard let segments = finding.outcome.segments else { return nil }
            return Series(
                finding: finding, metric: finding.plan.variant, version: Self.version(finding.plan),
                places: segments.compactMap { places[Key(start: $0.start, end: $0.end)] })
        }
        let watched = series.filter { judged.contains($0.finding.id) && $0.finding.plan.direction != .none }
        weigh(watched.isEmpty ? series.filter { $0.finding.plan.direction != .none } : watched)
    }

    /// The row of a finding's segment.
    func row(_ finding: String, _ position: Int) -> Int? {
        guard let found = series.first(where: { $0.finding.id == finding }) else { return nil }
        return found.places.indices.contains(position) ? found.places[position] : nil
    }

    /// Rows from the most harmed to the least; earlier ones first among equals.
    var worstFirst: [Int] {
        rows.indices.filter { rows[$0].harm != nil }.sorted {
            (rows[$0].harm ?? 0, $1) > (rows[$1].harm ?? 0, $0)
        }
    }

    private mutating func weigh(_ chosen: [Series]) {
        var sums = [Double](repeating: 0, count: rows.count)
        var counts = [Int](repeating: 0, count: rows.count)
        for one in chosen {
            let direction = one.finding.plan.direction
            let badness = zip(one.places, one.finding.outcome.segments ?? []).compactMap { place, segment in
                segment.number.map { (place: place, value: Statistic.badness($0, direction)) }
            }
            guard badness.count > 1 else { continue }
            for (place, share) in Self.ranks(badness) {
                sums[place] += share
                counts[place] += 1
            }
        }
        for row in rows.indices where counts[row] > 0 { rows[row].harm = sums[row] / Double(counts[row]) }
    }

    /// Share of the others that lie below, ties counted half.
    private static func ranks(_ badness: [(place: Int, value: Double)]) -> [(Int, Double)] {
        let sorted = badness.sorted { ($0.value, $0.place) < ($1.value, $1.place) }
        var result: [(Int, Double)] = []
        var start = 0
        while start < sorted.count {
            var end = start
            while end < sorted.count, sorted[end].value == sorted[start].value { end += 1 }
            let share = Double(start + end - 1) / 2 / Double(sorted.count - 1)
            for index in start..<end { result.append((sorted[index].place, share)) }
            start = end
        }
        return result
    }

    /// What the id says beside the metric, which is its end: the variant, or else the last part.
    static func version(_ plan: FindingPlan) -> String {
        var parts = plan.id.split(separator: ".").map(String.init)
        let variant = plan.variant.split(separator: ".").map(String.init)
        let cut = !variant.isEmpty && parts.count > variant.count && parts.suffix(variant.count) == variant[...]
        parts.removeLast(min(cut ? variant.count : 1, parts.count - 1))
        if parts.count > 1, parts[0] == "roundtrip" { parts.removeFirst() }
        return parts.joined(separator: " ")
    }

    /// Minutes, seconds and tenths, such as `3:07.5`.
    static func clock(_ seconds: Double) -> String {
        guard seconds < 1e9 else { return number(seconds) }
        let tenths = Int((seconds * 10).rounded())
        let rest = tenths % 600
        return "\(tenths / 600):\(rest < 100 ? "0" : "")\(rest / 10).\(rest % 10)"
    }
}
