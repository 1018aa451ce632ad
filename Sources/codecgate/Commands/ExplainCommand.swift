import ArgumentParser
import Verification

/// `codecgate explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Recompute one gate from stored findings and show every number on the way.",
        discussion: """
            Shows the segments, the statistic, its interval with seed and blocks, the line, the margin, Holm's place and \
            the coverage. Exit codes: 0 the gate passes, 1 it fails, 3 it is open.

            Example: codecgate explain golden.encodec.codes --results Reports
            """)

    @Argument(help: ArgumentHelp("Id of the gate, as in the table of codecgate gate.", valueName: "gate"))
    var gate: String

    @Option(help: ArgumentHelp("What verify measured: a file or its folder.", valueName: "path"))
    var results = "Reports/results.json"

    @Option(help: ArgumentHelp("Gate file (default: the shipped gates).", valueName: "file"))
    var gates: String?

    @Option(help: ArgumentHelp("Show only this segment, counted from 0.", valueName: "n"))
    var segment: Int?

    func run() throws {
        let gateSet = try gates.map(GateSet.init(contentsOf:)) ?? GateSet.shipped()
        guard gateSet.gates.contains(where: { $0.id == gate }) else {
            let near = gateSet.gates.map(\.id).filter { $0.contains(gate) || gate.contains($0) }
            let names = (near.isEmpty ? gateSet.gates.map(\.id) : near).joined(separator: ", ")
            throw CommandError.usage("'\(gate)' is no gate of \(gateSet.source); choose one of \(names)")
        }
        let report = RunReport(try StoredRun(results).results, gates: gateSet, today: try .today)
        guard let explanation = GateExplanation(report, gate: gate) else { return }
        if let segment { try check(segment, explanation, report) }
        try StandardStreams.output(explanation.text(segment: segment))
        switch Decision.worst(explanation.judgements.map(\.decision)) {
        case .pass: break
        case .fail: throw ExitCode(1)
        case .inconclusive, .notMeasured: throw ExitCode(3)
        }
    }

    private func check(_ segment: Int, _ explanation: GateExplanation, _ report: RunReport) throws(CommandError) {
        let counts = explanation.judgements.compactMap {
            report.results.finding($0.finding)?.outcome.segments?.count
        }
        guard let count = counts.max() else {
            throw .usage("'\(gate)' judges no segments; leave --segment out")
        }
        guard (0..<count).contains(segment) else {
            throw .usage("--segment is \(segment), but there are \(count); give 0 to \(count - 1)")
        }
    }
}
