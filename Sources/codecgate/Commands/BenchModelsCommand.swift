import ArgumentParser
import NumericCore

/// `codecgate bench models`.
struct BenchModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Measure models and training steps beside PyTorch, same sizes and threads, in one run.",
        discussion: """
            Cases: \(ModelCase.allCases.map(\.rawValue).joined(separator: ", ")). The design's widths need up to 6 GB and \
            seconds a step. The peer needs Python with PyTorch; without it its columns say so and the exit code is 3.

            Example: codecgate bench models --cases small-codes-step --batch 8 --repeats 2 --python none
            """)

    @Option(help: ArgumentHelp("Cases, separated by commas, or all.", valueName: "names"))
    var cases = "all"

    @Option(help: ArgumentHelp("TRs of a batch.", valueName: "n"))
    var batch = 32

    @Option(help: ArgumentHelp("Threads of both; all processors unless told.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("Measurements of each, after a warm-up.", valueName: "n"))
    var repeats = 5

    @Option(help: ArgumentHelp("Python that runs PyTorch, or none.", valueName: "python"))
    var python = "python3"

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        _ = try chosen()
        guard (2...1024).contains(batch) else { throw ValidationError("--batch is \(batch); give 2 to 1024.") }
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeats is \(repeats); give 1 to 1000.") }
        if let threads, !BLASRuntime.allowedThreadCounts.contains(threads) {
            let range = BLASRuntime.allowedThreadCounts
            throw ValidationError("--threads is \(threads); give \(range.lowerBound) to \(range.upperBound).")
        }
    }

    func run() throws {
        let threads = threads ?? BLASRuntime.allowedThreadCounts.upperBound
        FreedMemory.keep()
        let benchmark = try ModelsBenchmark(batch: batch, threads: threads, python: python == "none" ? nil : python)
        let rows = try chosen().map { try benchmark.measure($0, repeats: repeats) }
        var environment = BenchEnvironment()
        environment.versions = benchmark.versions
        let report = Report(batch: batch, environment: environment, repeats: repeats, rows: rows, threads: threads)
        if json { try StandardStreams.json(report) } else { try StandardStreams.output(report.text) }
        if rows.contains(where: { $0.notMeasured != nil }) { throw ExitCode(3) }
    }

    private func chosen() throws -> [ModelCase] {
        guard cases != "all" else { return ModelCase.allCases }
        let found = cases.split(separator: ",").map { ModelCase(rawValue: String($0)) }
        let known = found.compactMap(\.self)
        guard !known.isEmpty, known.count == found.count else {
            let names = ModelCase.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--cases is '\(cases)'; give all or some of \(names).")
        }
        return known
    }

    private struct Report: Encodable {
        let batch: Int
        let environment: BenchEnvironment
        let repeats: Int
        let rows: [ModelsBenchmark.Row]
        let threads: Int

        var text: String {
            let header = [
                "batch \(batch), median of \(repeats)", "parameters", "ours ms", "PyTorch ms", "ours is faster by",
            ]
            let table = Text.table(
                [header]
                    + rows.map { row in
                        [
                            row.name.title, "\(row.parameters)",
                            row.ourMedianSeconds.map { Text.fixed($0 * 1000, 2) } ?? "",
                            row.torchMedianSeconds.map { Text.fixed($0 * 1000, 2) } ?? "",
                            row.oursIsFasterBy.map { Text.fixed($0, 2) + "x" } ?? "",
                        ]
                    })
            let reasons = Set(rows.compactMap(\.notMeasured)).sorted().map { "PyTorch: not measured (\($0))\n" }
                .joined()
            return environment.text
                + "\n\(threads) threads, ours and PyTorch in turn after a warm-up\n\n\(table)\(reasons)"
        }
    }
}
