import ArgumentParser
import FoundationEssentials
import Verification

/// `codecgate metrics`.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Measure how close a recording is to its reference.",
        discussion: """
            Both files are compared in mono at the reference's rate. Presets: film (any length), general (without STOI), \
            speech (short dialogue), all, compatible (other tools' conventions). With --list the output is CSV, or with \
            --json one object a line; pairs that cannot be read are named and the exit code is 65.

            Example: codecgate metrics film.wav decoded.wav --align lag
            """)

    @Argument(help: ArgumentHelp("The undisturbed recording.", valueName: "ref"), completion: .file())
    var reference: String?

    @Argument(help: ArgumentHelp("The recording that is judged.", valueName: "test"), completion: .file())
    var test: String?

    @Option(
        help: ArgumentHelp("CSV of pairs: reference,test, relative to its folder.", valueName: "csv"),
        completion: .file(extensions: ["csv"]))
    var list: String?

    @Option(
        help: ArgumentHelp("Ids and presets, separated by commas.", valueName: "list"),
        completion: .list(MetricSelection.names))
    var metrics = "film"

    @Option(help: ArgumentHelp("none, or lag: find and remove the test's lag.", valueName: "how"))
    var align = Alignment.none

    @Option(help: ArgumentHelp("Compare at this rate.", valueName: "hz"))
    var rate: Int?

    @Option(help: ArgumentHelp("Also measure segments of at most so long, cut at pauses.", valueName: "seconds"))
    var segments: Double?

    @Option(
        help: ArgumentHelp("CSV start,end,label: cut segments (of 10 s at most) there too.", valueName: "csv"),
        completion: .file(extensions: ["csv"]))
    var labels: String?

    @Option(
        help: ArgumentHelp("off, auto, a PESQ program or a python3 with pesq.", valueName: "program"),
        completion: .list(["off", "auto"]))
    var pesq = "off"

    @Option(help: ArgumentHelp("Metrics, segments or pairs at work at once.", valueName: "n"))
    var workers = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        guard (1...1024).contains(workers) else {
            throw ValidationError("--workers is \(workers); give 1 to 1024.")
        }
        if let segments, !(0.1...86400).contains(segments) {
            throw ValidationError("--segments is \(segments); give 0.1 to 86400 seconds.")
        }
        guard (list == nil) == (reference != nil && test != nil), list == nil || reference == nil else {
            throw ValidationError("Give a reference and a test, or --list with a CSV file of pairs.")
        }
        guard list == nil || labels == nil else {
            throw ValidationError("--labels belong to one recording; give a reference and a test, not --list.")
        }
        guard list == nil || segments == nil || json else {
            throw ValidationError("A CSV row holds no segments; add --json to --list with --segments.")
        }
    }

    func run() throws {
        let selection = try MetricSelection(metrics: metrics, pesq: pesq)
        if let list { return try measure(PairList(path: list), selection) }
        guard let reference, let test else { return }
        let track = try labels.map { try LabelFile.read($0) }
        let measurement = try PairMeasurement(
            reference: reference, test: test, plan(selection, labels: track, workers: workers, isQuiet: quiet))
        if json { try StandardStreams.json(measurement) } else { try StandardStreams.output(measurement.text) }
    }

    private func plan(
        _ selection: MetricSelection, labels: LabelTrack? = nil, workers: Int, isQuiet: Bool
    ) -> PairMeasurement.Plan {
        PairMeasurement.Plan(
            selection: selection, rate: rate, alignment: align,
            segmentSeconds: segments ?? (labels == nil ? nil : 10), labels: labels, workers: workers, isQuiet: isQuiet)
    }

    /// Measures many pairs at once, each with one worker.
    private func measure(_ list: PairList, _ selection: MetricSelection) throws {
        let plan = plan(selection, workers: 1, isQuiet: true)
        let outcomes = try Workers.map(list.rows.count, workers: workers, unit: "pairs", isQuiet: quiet) { index in
            Self.outcome(list.rows[index], plan)
        }
        let report = PairListReport(descriptors: selection.descriptors, outcomes: outcomes)
        if json { try report.printJSON() } else { try StandardStreams.output(report.csv) }
        guard !report.failures.isEmpty else { return }
        throw CommandError.badInput(
            "\(report.failures.count) of \(outcomes.count) pairs could not be measured: "
                + report.failures.joined(separator: " "))
    }

    private static func outcome(_ row: PairList.Row, _ plan: PairMeasurement.Plan) -> PairListReport.Outcome {
        switch row {
        case .malformed(let sentence): return .failed(reference: "", test: "", sentence: sentence + ".")
        case .pair(let reference, let test):
            do { return .measured(try PairMeasurement(reference: reference, test: test, plan)) } catch {
                return .failed(reference: reference, test: test, sentence: Failure.sentence(of: error))
            }
        }
    }
}
