import ArgumentParser

/// `codecgate bench pipeline`.
struct BenchPipelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline",
        abstract: "Measure mel features, least squares and Griffin-Lim beside librosa, same signal, one thread.",
        discussion: """
            The peer needs Python with librosa; without it its column says so and the exit code is 3. librosa's least \
            squares take about 7 s a second of sound.

            Example: codecgate bench pipeline --seconds 2 --python .venv/bin/python
            """)

    @Option(help: ArgumentHelp("Seconds of audio.", valueName: "s"))
    var seconds = 10.0

    @Option(help: ArgumentHelp("Measurements of each, after a warm-up.", valueName: "n"))
    var repeats = 5

    @Option(help: ArgumentHelp("Python that runs librosa, or none.", valueName: "python"))
    var python = "python3"

    @Option(help: ArgumentHelp("Measure on the beginning of a recording instead of a formula.", valueName: "file"))
    var input: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (0.5...600).contains(seconds) else {
            throw ValidationError("--seconds is \(seconds); give 0.5 to 600.")
        }
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeats is \(repeats); give 1 to 1000.") }
    }

    func run() throws {
        let count = Int(seconds * 22_050)
        let samples =
            try input.map { try BenchInput.beginning(of: $0, count: count, rate: 22_050) }
            ?? BenchInput.mixture(count: count, rate: 22_050)
        let benchmark = try MelPathBenchmark(samples: samples)
        let rows = try benchmark.run(repeats: repeats, python: python == "none" ? nil : python)
        var environment = BenchEnvironment()
        environment.versions = benchmark.versions
        let report = Report(
            audioSeconds: seconds, environment: environment, input: input ?? "a mixture made by a formula",
            repeats: repeats, rows: rows, threads: 1)
        if json { try StandardStreams.json(report) } else { try StandardStreams.output(report.text) }
        if rows.contains(where: { $0.notMeasured != nil }) { throw ExitCode(3) }
    }

    private struct Report: Encodable {
        let audioSeconds: Double
        let environment: BenchEnvironment
        let input: String
        let repeats: Int
        let rows: [MelPathBenchmark.Row]
        let threads: Int

        var text: String {
            let header = ["", "ours s", "x real time", "librosa s", "ours is faster by", "our error", "librosa's"]
            let table = Text.table([header] + rows.map(cells))
            let reasons = Set(rows.compactMap(\.notMeasured)).sorted().map { "librosa: not measured (\($0))\n" }
                .joined()
            let errors = rows.map { "\($0.stage.title): \($0.stage.errorName)" }.joined(separator: "; ")
            return environment.text + "\n\(Text.plain(audioSeconds)) s of \(input), one thread; median of \(repeats) "
                + "runs in turn after a warm-up, librosa's least squares once\n\n\(table)\(reasons)errors: \(errors)\n"
        }

        private func cells(_ row: MelPathBenchmark.Row) -> [String] {
            [
                row.stage.title, row.ourMedianSeconds.map { Text.fixed($0, 4) } ?? "",
                row.ourMedianSeconds.map { Text.fixed(audioSeconds / $0, 1) } ?? "",
                row.librosaMedianSeconds.map { Text.fixed($0, 4) } ?? "",
                row.oursIsFasterBy.map { Text.fixed($0, 1) + "x" } ?? "",
                row.ourError.map { Text.fixed($0, 6) } ?? "", row.librosaError.map { Text.fixed($0, 6) } ?? "",
            ]
        }
    }
}
