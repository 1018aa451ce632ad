import ArgumentParser
import FeaturePipeline
import Foundation
import Verification
import VerificationSuite

/// `codecgate explain`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Recompute one gate and show every number.",
        discussion: """
            Shows the segments, the statistic, its interval with seed and blocks, the line, the margin, Holm's place and \
            the coverage. With --film, a metric is measured again on its worst segment (or on --segment), with the \
            values that it is made of; film and codec must be those of the run. Exit codes: 0 the gate passes, 1 it fails, 3 it is open.

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

    @Option(help: ArgumentHelp("The run's film: measure again.", valueName: "file"))
    var film: String?

    @Option(help: ArgumentHelp("The run's labels, where it had some.", valueName: "csv"))
    var labels: String?

    @OptionGroup var codec: CodecOption

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
        if let film { try measureAgain(film, explanation, report.results) }
        switch Decision.worst(explanation.judgements.map(\.decision)) {
        case .pass: break
        case .fail: throw ExitCode(1)
        case .inconclusive, .notMeasured: throw ExitCode(3)
        }
    }

    /// Measures the worst segment of each finding that is a metric on the film.
    private func measureAgain(_ film: String, _ explanation: GateExplanation, _ run: RunResults) throws {
        let context = try makeContext(film, run)
        defer { context.close() }
        for judgement in explanation.judgements {
            guard let index = segment ?? judgement.worstSegments.first,
                let stored = run.finding(judgement.finding)?.outcome.segments, stored.indices.contains(index),
                let result = try context.measureAgain(judgement.finding, segment: index)
            else { continue }
            var text = "\n\(judgement.finding), segment \(index) measured again: "
            switch result {
            case .value(let measurement):
                text += "\(measurement.value), stored \(stored[index].number.map { "\($0)" } ?? "no value")\n"
                text += measurement.details.map { "  \($0.name): \($0.value)\n" }.joined()
            case .notApplicable(let reason): text += "not applicable: \(reason)\n"
            case .failed(let reason): text += "failed: \(reason)\n"
            }
            try StandardStreams.output(text)
        }
    }

    /// The film of the run; whatever differs from the run's facts would explain another run.
    private func makeContext(_ film: String, _ run: RunResults) throws -> FilmContext {
        let known = Dictionary(run.info.facts.map { ($0.name, $0.value) }) { first, _ in first }
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("codecgate-explain-\(ProcessInfo.processInfo.processIdentifier)")
        var request = FilmContext.Request(
            path: film, codec: try AudioProcessor.Codec(codec.locate()), scratch: scratch)
        request.seed = run.info.seed
        request.labelsPath = labels
        request.bandwidthKbps = known["bandwidth"].flatMap { Double($0.prefix { $0 != " " }) } ?? request.bandwidthKbps
        request.maximumTRCount = known["TRs"].flatMap { Int($0.prefix { $0 != "," }) }
        let context = try FilmContext(request)
        for fact in context.facts where known[fact.name] != fact.value && fact.name != "features" {
            context.close()
            throw CommandError.badInput(
                "the run's '\(fact.name)' is '\(known[fact.name] ?? "not stated")', here it is '\(fact.value)'; "
                    + "give the run's own --film, --labels and --codec")
        }
        return context
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
