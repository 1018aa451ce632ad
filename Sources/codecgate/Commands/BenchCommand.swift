import ArgumentParser
import EnCodec

/// `codecgate bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure speed beside other implementations.",
        discussion: "Example: codecgate bench encodec --codec mini --seconds 2 --repeats 3 --peers none",
        subcommands: [
            BenchEncodecCommand.self, BenchPipelineCommand.self, BenchMetricsCommand.self, BenchHrfCommand.self,
            BenchModelsCommand.self,
        ])
}

/// `codecgate bench encodec`.
struct BenchEncodecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encodec",
        abstract: "Measure EnCodec beside Hugging Face and ONNX Runtime, same weights and input, in one run.",
        discussion: """
            The peers need Python with the packages of Benchmarks/requirements.txt, which --python names; without them \
            their rows say so and the exit code is 3.

            Example: codecgate bench encodec --codec mini --seconds 2 --repeats 3 --peers none
            """)

    @Option(
        help: ArgumentHelp("A codec as for encode, or formula: full-size weights from a formula.", valueName: "spec"),
        completion: .codec)
    var codec = "formula"

    @Option(help: ArgumentHelp("Seconds of audio.", valueName: "s"))
    var seconds = 60.0

    @Option(help: ArgumentHelp("Numbers of threads, separated by commas.", valueName: "n,m"))
    var threads = "1,2"

    @Option(help: ArgumentHelp("Measurements of each, after a warm-up.", valueName: "n"))
    var repeats = 5

    @Option(help: ArgumentHelp("Bandwidth in kbps.", valueName: "kbps"))
    var bandwidth = 6.0

    @Option(
        help: ArgumentHelp("hf, onnx, both separated by a comma, or none.", valueName: "names"),
        completion: .list(["hf,onnx", "hf", "onnx", "none"]))
    var peers = "hf,onnx"

    @Option(help: ArgumentHelp("Python that runs the peers.", valueName: "python"), completion: .file())
    var python = "python3"

    @Option(
        help: ArgumentHelp("Measure on the beginning of a recording instead of a formula.", valueName: "file"),
        completion: .file())
    var input: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        _ = try (threadCounts(), engines())
        guard (0.1...3600).contains(seconds) else {
            throw ValidationError("--seconds is \(seconds); give 0.1 to 3600.")
        }
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeats is \(repeats); give 1 to 1000.") }
    }

    func run() throws {
        let folder = try BenchFolder()
        let files = try modelFiles(folder)
        let configuration = try files.configuration()
        guard configuration.isStreamable, configuration.audioChannels == 1 else {
            throw CommandError.usage("bench encodec measures mono codecs without chunks; '\(codec)' is another kind")
        }
        let count = Int(seconds * Double(configuration.samplingRate))
        let samples =
            try input.map { try BenchInput.beginning(of: $0, count: count, rate: configuration.samplingRate) }
            ?? BenchInput.mixture(count: count, rate: configuration.samplingRate)
        let benchmark = try EncodecBenchmark(
            model: files.load(), samples: samples, bandwidthKbps: bandwidth, threadCounts: threadCounts())
        let engines = try engines()
        let peers = try Peers(
            engines, python: python, model: String(files.configurationPath.dropLast("/config.json".count)),
            samples: samples, codes: benchmark.warmUpCodes,
            bandwidthKbps: bandwidth, folder: folder)
        try benchmark.run(repeats: repeats, peers: peers)
        let report = try report(benchmark, configuration: configuration, engines: engines, peers: peers)
        if json { try StandardStreams.json(report) } else { try StandardStreams.output(report.text) }
        if report.isIncomplete { throw ExitCode(3) }
    }

    private func report(
        _ benchmark: EncodecBenchmark, configuration: EncodecConfiguration, engines: [BenchReport.Engine], peers: Peers
    ) throws -> BenchReport {
        let agreement = try benchmark.agreement(peers)
        var environment = BenchEnvironment()
        environment.versions = peers.versions
        return BenchReport(
            agreement: agreement, audioSeconds: seconds, bandwidthKbps: bandwidth, codec: codec,
            decodeGigaOperationsPerAudioSecond: configuration.decodingWork.productOperations / 1e9,
            encodeGigaOperationsPerAudioSecond: configuration.encodingWork.productOperations / 1e9,
            environment: environment, input: input ?? "a mixture made by a formula", limits: benchmark.machineLimits,
            oursPeakResidentBytes: benchmark.peakResidentBytes, peersPeakResidentBytes: peers.peakResidentBytes,
            repeats: repeats, rows: benchmark.rows(engines: engines, peers: peers))
    }

    /// A folder that the peers can load too.
    private func modelFiles(_ folder: BenchFolder) throws -> CodecFiles {
        guard codec == "formula" else { return try CodecFiles.locate(codec) }
        try FormulaWeights().write(EncodecConfiguration(), to: folder.root)
        return try CodecFiles.locate(folder.root)
    }

    private func threadCounts() throws -> [Int] {
        let counts = threads.split(separator: ",").map { Int($0) ?? 0 }
        guard !counts.isEmpty, counts.allSatisfy({ (1...1024).contains($0) }) else {
            throw ValidationError("--threads is '\(threads)'; give numbers from 1 to 1024 such as 1,2.")
        }
        return counts
    }

    private func engines() throws -> [BenchReport.Engine] {
        guard peers != "none" else { return [] }
        let engines = peers.split(separator: ",").map { BenchReport.Engine(rawValue: String($0)) }
        let known = engines.compactMap(\.self).filter { $0 != .ours }
        guard !known.isEmpty, known.count == engines.count else {
            throw ValidationError("--peers is '\(peers)'; give hf, onnx, hf,onnx or none.")
        }
        return known
    }
}
