import ArgumentParser

/// `codecgate bench pipeline`.
struct BenchPipelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline",
        abstract: "Measure mel features, least squares, Griffin-Lim and the haemodynamic response, one thread.",
        discussion: """
            The peers need Python with librosa and SciPy; without them their columns say so and the exit code is 3. \
            librosa's least squares take about 7 s a second of sound, SciPy's convolution half a minute.

            Example: codecgate bench pipeline --seconds 2 --trs 20 --python .venv/bin/python
            """)

    @Option(help: ArgumentHelp("Seconds of audio.", valueName: "s"))
    var seconds = 10.0

    @Option(help: ArgumentHelp("Measurements of each, after a warm-up.", valueName: "n"))
    var repeats = 5

    @Option(
        name: .customLong("trs"),
        help: ArgumentHelp("TRs of 2048 x 65 values for the haemodynamic response; 0 leaves it out.", valueName: "n"))
    var trCount = 920

    @Option(help: ArgumentHelp("Python that runs the peers, or none.", valueName: "python"))
    var python = "python3"

    @Option(help: ArgumentHelp("Measure on the beginning of a recording instead of a formula.", valueName: "file"))
    var input: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (0.5...600).contains(seconds) else {
            throw ValidationError("--seconds is \(seconds); give 0.5 to 600.")
        }
        guard (0...10_000).contains(trCount) else {
            throw ValidationError("--trs is \(trCount); give 0 to 10000.")
        }
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeats is \(repeats); give 1 to 1000.") }
    }

    func run() throws {
        let count = Int(seconds * 22_050)
        let samples =
            try input.map { try BenchInput.beginning(of: $0, count: count, rate: 22_050) }
            ?? BenchInput.mixture(count: count, rate: 22_050)
        let benchmark = try MelPathBenchmark(samples: samples)
        let python = python == "none" ? nil : python
        var rows = try benchmark.run(repeats: repeats, python: python)
        var environment = BenchEnvironment()
        environment.versions = benchmark.versions
        if trCount > 0 {
            let convolution = try ConvolutionBenchmark(rowCount: trCount, columnCount: 2048 * 65)
            rows += try convolution.pipelineRows(repeats: repeats, python: python, repetitionSeconds: 1.5)
            environment.versions.merge(convolution.versions) { first, _ in first }
        }
        let report = PipelineBenchReport(
            audioSeconds: seconds, environment: environment, input: input ?? "a mixture made by a formula",
            repeats: repeats, rows: rows, threads: 1)
        if json { try StandardStreams.json(report) } else { try StandardStreams.output(report.text) }
        if rows.contains(where: { $0.notMeasured != nil }) { throw ExitCode(3) }
    }
}
