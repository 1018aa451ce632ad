internal import Foundation
internal import NumericCore

/// What the page's script works on: a small part as it is, and all segment values packed.
struct ReportData {
    /// JSON that may stand inside a script element.
    let core: String
    /// gzip in base64.
    let packed: String

    private struct Core: Encodable {
        struct Metric: Encodable {
            let name, unit: String
            let direction: Finding.Direction
        }
        struct Gate: Encodable {
            let id, title: String
            let decision: Decision
            /// Indices of the series that are judged, and of those they are compared with.
            let series: [Int]
            let against: [Int]
        }
        let digest: String
        let labels, versions: [String]
        let metrics: [Metric]
        /// Version and metric of each series.
        let series: [[Int]]
        let gates: [Gate]
        let rowCount: Int
    }

    private struct Large: Encodable {
        let start, end: [Double]
        let label: [Int]
        let harm: [Double?]
        /// One list a series, one entry a row; null where there is no number.
        let values: [[JSONNumber?]]
        let titles: [String]
        /// Index of the title and path, by row.
        let audio: [String: [AudioLink]]
    }

    private struct AudioLink: Encodable {
        let title: Int
        let path: String
    }

    init(_ report: RunReport, _ table: SegmentTable) throws {
        let large = Self.large(report, table)
        let bytes = try Self.encode(large)
        let names = Self.names(table)
        let core = Core(
            digest: String(SHA256.hexadecimal(of: bytes).prefix(16)),
            labels: ContentLabel.allCases.map(\.rawValue), versions: names.versions, metrics: names.metrics,
            series: names.series, gates: Self.gates(report, table), rowCount: table.rows.count)
        // Inside a script element only "<" can end or open anything.
        self.core = String(decoding: try Self.encode(core), as: UTF8.self)
            .replacingOccurrences(of: "<", with: "\\u003c")
        packed = table.rows.isEmpty ? "" : Zlib.deflate(bytes, .gzip, effort: .most)?.base64 ?? ""
    }

    private static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    private static func names(_ table: SegmentTable) -> (versions: [String], metrics: [Core.Metric], series: [[Int]]) {
        var versions: [String] = []
        var metrics: [Core.Metric] = []
        let series = table.series.map { one in
            let plan = one.finding.plan
            let version = versions.firstIndex(of: one.version) ?? versions.count
            if version == versions.count { versions.append(one.version) }
            let metric = metrics.firstIndex { $0.name == one.metric } ?? metrics.count
            if metric == metrics.count {
                metrics.append(.init(name: one.metric, unit: plan.unit, direction: plan.direction))
            }
            return [version, metric]
        }
        return (versions, metrics, series)
    }

    private static func gates(_ report: RunReport, _ table: SegmentTable) -> [Core.Gate] {
        let places = Dictionary(uniqueKeysWithValues: table.series.enumerated().map { ($1.finding.id, $0) })
        return report.shownGates.compactMap { result in
            let pairs = result.judgements.compactMap { judgement -> (Int, Int?)? in
                guard let place = places[judgement.finding] else { return nil }
                return (place, result.gate.partner(of: judgement.finding).flatMap { places[$0] })
            }
            guard !pairs.isEmpty else { return nil }
            let compared = pairs.compactMap(\.1)
            return Core.Gate(
                id: result.gate.id, title: result.gate.title, decision: result.decision, series: pairs.map(\.0),
                against: compared.count == pairs.count ? compared : [])
        }
    }

    private static func large(_ report: RunReport, _ table: SegmentTable) -> Large {
        var labels: [ContentLabel: Int] = [:]
        for (index, label) in ContentLabel.allCases.enumerated() { labels[label] = index }
        var values: [[JSONNumber?]] = []
        for one in table.series { values.append(column(one.places, one.finding, rowCount: table.rows.count)) }
        var titles: [String] = []
        var audio: [String: [AudioLink]] = [:]
        for (row, files) in SegmentCard.files(report.results.findings, table).sorted(by: { $0.key < $1.key }) {
            var links: [AudioLink] = []
            for file in files {
                let title = titles.firstIndex(of: file.title) ?? titles.count
                if title == titles.count { titles.append(file.title) }
                links.append(AudioLink(title: title, path: file.link))
            }
            audio["\(row)"] = links
        }
        return Large(
            start: table.rows.map(\.start), end: table.rows.map(\.end),
            label: table.rows.map { labels[$0.label] ?? 0 }, harm: table.rows.map { $0.harm.map(rounded) },
            values: values, titles: titles, audio: audio)
    }

    /// A finding's numbers at their segments' places in the table; nil where it has none.
    private static func column(_ places: [Int], _ finding: Finding, rowCount: Int) -> [JSONNumber?] {
        var column = [JSONNumber?](repeating: nil, count: rowCount)
        for (place, segment) in zip(places, finding.outcome.segments ?? []) {
            if let value = segment.number { column[place] = JSONNumber(rounded(value)) }
        }
        return column
    }

    /// Four significant digits: what a reader sees.
    private static func rounded(_ value: Double) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let scale = pow(10, 3 - floor(log10(value.magnitude)))
        guard scale.isFinite, scale > 0 else { return value }
        return (value * scale).rounded() / scale
    }
}

extension Gate {
    /// The finding that one is compared with; nil for gates that compare with a line.
    fileprivate func partner(of id: String) -> String? {
        switch criterion {
        case .superiority(let against, _), .nonInferiority(let against, _):
            against.isExact ? against.text : finding.captures(in: id).map(against.filled)
        case .atMost, .atLeast, .within, .derivedBound: nil
        }
    }
}
