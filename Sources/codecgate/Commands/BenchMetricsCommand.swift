import ArgumentParser

/// `codecgate bench metrics`.
struct BenchMetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Measure STOI and ESTOI beside pystoi in one run, and the panel's time and memory on a film.",
        discussion: """
            The peer needs Python with the packages of Benchmarks/requirements-metrics.txt; without them its columns say \
            so and the exit code is 3. The film is the input, repeated.

            Example: codecgate bench metrics --seconds 5 --film 10 --python .venv/bin/python
            """)

    @Option(help: ArgumentHelp("Seconds of audio for STOI and ESTOI.", valueName: "s"))
    var seconds = 60.0

    @Option(help: ArgumentHelp("Seconds of the film for the panel; 0 leaves the panel out.", valueName: "s"))
    var film = 1380.0

    @Option(help: ArgumentHelp("Samples per second.", valueName: "hz"))
    var rate = 24000

    @Option(help: ArgumentHelp("Metrics of the panel at work at once.", valueName: "n"))
    var workers = 2

    @Option(help: ArgumentHelp("Measurements of each, after a warm-up.", valueName: "n"))
    var repeats = 5

    @Option(help: ArgumentHelp("pystoi or none.", valueName: "name"))
    var peer = "pystoi"

    @Option(help: ArgumentHelp("Python that runs the peer.", valueName: "python"))
    var python = "python3"

    @Option(help: ArgumentHelp("Measure on the beginning of a recording instead of a formula.", valueName: "file"))
    var input: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds is \(seconds); give 1 to 3600.") }
        guard film == 0 || (1...86400).contains(film) else {
            throw ValidationError("--film is \(film); give 0, or 1 to 86400 seconds.")
        }
        guard (8000...192_000).contains(rate) else { throw ValidationError("--rate is \(rate); give 8000 to 192000.") }
        guard (1...1024).contains(workers) else { throw ValidationError("--workers is \(workers); give 1 to 1024.") }
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeats is \(repeats); give 1 to 1000.") }
        guard ["pystoi", "none"].contains(peer) else {
            throw ValidationError("--peer is '\(peer)'; give pystoi or none.")
        }
    }

    func run() throws {
        let folder = try BenchFolder()
        let count = Int(seconds * Double(rate))
        let reference =
            try input.map { try BenchInput.beginning(of: $0, count: count, rate: rate) }
            ?? BenchInput.mixture(count: count, rate: rate)
        let test = BenchInput.disturbed(reference)
        // First, for the peak memory of children is that of the largest one that has ended.
        let panel =
            film == 0
            ? nil
            : try PanelRun.measure(
                reference: reference, test: test, rate: rate, seconds: film, workers: workers, folder: folder)
        let benchmark = try MetricsBenchmark(
            reference: reference, test: test, rate: rate, python: peer == "none" ? nil : python, folder: folder)
        let rows = try benchmark.run(repeats: repeats)
        var environment = BenchEnvironment()
        environment.versions = benchmark.versions
        let report = MetricsBenchReport(
            audioSeconds: seconds, environment: environment, input: input ?? "a mixture made by a formula, and noise",
            panel: panel, repeats: repeats, rows: rows, samplingRate: rate)
        if json { try StandardStreams.json(report) } else { try StandardStreams.output(report.text) }
        if report.isIncomplete { throw ExitCode(3) }
    }
}
