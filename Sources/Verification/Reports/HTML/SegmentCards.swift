/// Segments that a reader should look at and listen to, the most harmed first.
struct SegmentCard {
    struct Value {
        let version, text: String
    }
    struct Metric {
        let metric: String
        let values: [Value]
    }

    let row: Int
    let title, label, why: String
    let harm: String
    let seconds: Double
    let versions: [SegmentVersion]
    let hasVersions: Bool
    let scale: String?
    let problems: [String]
    let metrics: [Metric]
    let isFirst: Bool

    /// Cards of worst, middle and best segments, and of those that the verdict names as worse.
    static func all(_ report: RunReport, _ table: SegmentTable, folder: ReportMedia) -> [SegmentCard] {
        var media = folder
        let files = files(report.results.findings, table)
        return chosen(report, table).enumerated().map { index, choice in
            SegmentCard(choice, table, files[choice.row] ?? [], &media, isFirst: index == 0)
        }
    }

    private static func chosen(_ report: RunReport, _ table: SegmentTable) -> [(row: Int, why: String)] {
        let ranked = table.worstFirst
        let middle = ranked.count / 2
        let worse = report.verdict.worse.prefix(3).flatMap { worse in
            worse.worstSegments.prefix(2).compactMap { table.row(worse.finding, $0) }.map { ($0, "got worse most") }
        }
        let all =
            ranked.prefix(10).map { ($0, "among the worst 10") } + worse
            + ranked[max(0, middle - 1)..<min(ranked.count, middle + 2)].map { ($0, "median") }
            + ranked.suffix(3).map { ($0, "among the best 3") }
        var seen: Set<Int> = []
        return all.filter { seen.insert($0.0).inserted }.map { (row: $0.0, why: $0.1) }
    }

    /// Sounds by row, each file once, the reference first.
    static func files(_ findings: [Finding], _ table: SegmentTable) -> [Int: [Finding.Attachment]] {
        var found: [Int: [Finding.Attachment]] = [:]
        for one in table.series {
            for file in one.finding.attachments where file.kind == .audio {
                guard let position = file.segment else { continue }
                let row = one.places[position]
                if found[row]?.contains(where: { $0.path == file.path }) != true {
                    found[row, default: []].append(file)
                }
            }
        }
        return found.mapValues { files in files.filter(\.isReference) + files.filter { !$0.isReference } }
    }

    private init(
        _ choice: (row: Int, why: String), _ table: SegmentTable, _ files: [Finding.Attachment],
        _ media: inout ReportMedia, isFirst: Bool
    ) {
        let place = table.rows[choice.row]
        row = choice.row
        title = place.time
        label = place.label.rawValue
        why = choice.why
        harm = place.harm.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
        seconds = place.end - place.start
        let sounds = SegmentSounds(files, &media)
        versions = sounds.versions
        hasVersions = !versions.isEmpty
        scale = sounds.scale
        problems = sounds.problems
        metrics = Self.metrics(choice.row, table)
        self.isFirst = isFirst
    }

    private static func metrics(_ row: Int, _ table: SegmentTable) -> [Metric] {
        var order: [String] = []
        var values: [String: [Value]] = [:]
        for one in table.series {
            guard let position = one.places.firstIndex(of: row), let segments = one.finding.outcome.segments else {
                continue
            }
            let unit = one.finding.plan.unit == "1" ? "" : " [\(one.finding.plan.unit)]"
            let name = one.metric + unit
            if values[name] == nil { order.append(name) }
            values[name, default: []].append(Value(version: one.version, text: segments[position].text))
        }
        return order.map { Metric(metric: $0, values: values[$0] ?? []) }
    }
}

extension SegmentValue {
    /// The number, or why there is none.
    fileprivate var text: String {
        switch result {
        case .value(let value): value.shortText
        case .notApplicable(let reason): "not applicable: \(reason)"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}

extension Finding.Attachment {
    /// Whether it is what all other versions are held against.
    var isReference: Bool {
        let name = title.lowercased()
        return name.hasPrefix("reference") || name.hasPrefix("original")
    }
}
