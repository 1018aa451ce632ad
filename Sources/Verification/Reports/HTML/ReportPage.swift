/// Everything that the templates show, as text and geometry; nothing here judges.
struct ReportPage {
    struct Fact {
        let name, value: String
    }

    let opening: OpeningPage
    let phases: [GateTablePage]
    let claims: [ClaimRow]
    let hasClaims: Bool
    let claimCounts: String
    let ladders: [LadderChart]
    let hasLadders: Bool
    let plots: [MetricPlot]
    let hasPlots: Bool
    let curves: [CurveChart]
    let hasCurves: Bool
    let timeline: TimelineChart?
    let hasSegments: Bool
    let segmentCount: Int
    let cards: [SegmentCard]
    let checks: [CheckPage]
    let unjudged: String?
    let unjudgedCount: Int
    let facts: [Fact]
    let command: String
    let data: ReportData
    let style, script: String

    // Lays out a run; `media` gives the files beside it. Throws when its values cannot be encoded.
    init(_ report: RunReport, media: ReportMedia) throws {
        let findings = report.results.findings
        let seed = report.results.info.seed
        let blocking = report.shownGates.filter(\.isBlocking).flatMap { $0.judgements.map(\.finding) }
        let table = SegmentTable(findings, judged: Set(blocking))
        opening = OpeningPage(report, table)
        phases = report.verdict.phases.map { GateTablePage($0, report) }
        claims = Self.claims(report)
        hasClaims = !claims.isEmpty
        claimCounts = Dictionary(grouping: claims, by: \.mark.word).sorted { $0.key < $1.key }
            .map { "\($0.key): \($0.value.count)" }.joined(separator: ", ")
        ladders = LadderChart.all(findings, seed: seed)
        hasLadders = !ladders.isEmpty
        plots = MetricPlot.all(findings, seed: seed)
        hasPlots = !plots.isEmpty
        curves = CurveChart.all(findings)
        hasCurves = !curves.isEmpty
        timeline = TimelineChart(table)
        hasSegments = !table.rows.isEmpty
        segmentCount = table.rows.count
        cards = SegmentCard.all(report, table, folder: media)
        checks = CheckPage.all(findings)
        unjudged = report.verdict.unjudged.isEmpty ? nil : report.verdict.unjudged.joined(separator: ", ")
        unjudgedCount = report.verdict.unjudged.count
        facts = Self.facts(report)
        command = report.results.info.command
        data = try ReportData(report, table)
        style = ReportTemplates.style
        script = ReportTemplates.script
    }

    private static func claims(_ report: RunReport) -> [ClaimRow] {
        let judged = report.evaluation.results.flatMap(\.judgements)
        let decisions = Dictionary(grouping: judged, by: \.finding).mapValues { Decision.worst($0.map(\.decision)) }
        return report.results.findings.filter(\.isClaim).map { ClaimRow($0, decisions[$0.id]) }
    }

    private static func facts(_ report: RunReport) -> [Fact] {
        let info = report.results.info
        return [
            Fact(name: "tool", value: info.tool), Fact(name: "seed", value: "\(info.seed)"),
            Fact(name: "started", value: report.results.timings.started),
            Fact(name: "took", value: "\(report.results.timings.seconds.shortText) s"),
            Fact(name: "gates", value: report.gates.source),
            Fact(name: "SHA-256 of the gates", value: report.gates.sha256),
        ] + info.facts.map { Fact(name: $0.name, value: $0.value) }
    }
}
