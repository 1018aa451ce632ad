import ArgumentParser
import FeaturePipeline

/// `codecgate bench hrf`.
struct BenchHrfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hrf",
        abstract: "Measure the haemodynamic convolution beside SciPy's, same input, in one run.",
        discussion: """
            The peer needs Python with SciPy; without it its rows say so and the exit code is 3.

            Example: codecgate bench hrf --trs 200 --columns 4000 --python none
            """)

    @Option(name: .customLong("trs"), help: ArgumentHelp("TRs.", valueName: "n"))
    var rowCount = 920

    @Option(name: .customLong("columns"), help: ArgumentHelp("Values a TR; 2048 x 65 for mel.", valueName: "n"))
    var columnCount = 2048 * 65

    @Option(help: ArgumentHelp("Numbers of threads, separated by commas.", valueName: "n,m"))
    var threads = "1,2"

    @Option(help: ArgumentHelp("Measurements of each, after a warm-up.", valueName: "n"))
    var repeats = 3

    @Option(help: ArgumentHelp("Python that runs SciPy, or none.", valueName: "python"))
    var python = "python3"

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        _ = try threadCounts()
        guard (1...10_000).contains(rowCount) else {
            throw ValidationError("--trs is \(rowCount); give 1 to 10000.")
        }
        guard (1...1_000_000).contains(columnCount) else {
            throw ValidationError("--columns is \(columnCount); give 1 to 1000000.")
        }
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeats is \(repeats); give 1 to 1000.") }
    }

    func run() throws {
        let benchmark = try ConvolutionBenchmark(rowCount: rowCount, columnCount: columnCount)
        let rows = try benchmark.run(
            threadCounts: threadCounts(), repeats: repeats, python: python == "none" ? nil : python)
        var environment = BenchEnvironment()
        environment.versions = benchmark.versions
        if json {
            try StandardStreams.json(
                Report(
                    agreements: benchmark.agreements, columns: columnCount, environment: environment,
                    repeats: repeats, rows: rows, trs: rowCount))
        } else {
            try StandardStreams.output(text(rows, benchmark, environment))
        }
        if rows.contains(where: { $0.notMeasured != nil }) { throw ExitCode(3) }
    }

    private func text(
        _ rows: [ConvolutionBenchmark.Row], _ benchmark: ConvolutionBenchmark, _ environment: BenchEnvironment
    ) -> String {
        let header = [
            "\(rowCount) x \(columnCount), median of \(repeats)", "threads", "s", "GB/s", "ours is faster by",
        ]
        let table = Text.table(
            [header]
                + rows.filter { $0.notMeasured == nil }.map { row in
                    [
                        row.engine.title, "\(row.threads)", row.medianSeconds.map { Text.fixed($0, 3) } ?? "",
                        row.bytesPerSecond.map { Text.fixed($0 / 1e9, 2) } ?? "",
                        row.oursIsFasterBy.map { Text.fixed($0, 1) + "x" } ?? "",
                    ]
                })
        let missing = Set(rows.compactMap(\.notMeasured)).sorted().map { "SciPy: not measured (\($0))\n" }.joined()
        let agreement = benchmark.agreements.map {
            "largest difference to \($0.engine.title): \($0.differenceToPeak) of the peak\n"
        }.joined()
        return environment.text + "\n" + table + missing + agreement
    }

    private func threadCounts() throws -> [Int] {
        let counts = threads.split(separator: ",").map { Int($0) ?? 0 }
        guard !counts.isEmpty, counts.allSatisfy({ (1...1024).contains($0) }) else {
            throw ValidationError("--threads is '\(threads)'; give numbers from 1 to 1024 such as 1,2.")
        }
        return counts
    }

    private struct Report: Encodable {
        let agreements: [ConvolutionBenchmark.Agreement]
        let columns: Int
        let environment: BenchEnvironment
        let repeats: Int
        let rows: [ConvolutionBenchmark.Row]
        let trs: Int
    }
}
