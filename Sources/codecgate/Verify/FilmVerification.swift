import ArgumentParser
import FeaturePipeline
import Foundation
import Glibc
import NumericCore
import Verification
import VerificationSuite

/// The verification of one film, with its own report.
struct FilmVerification {
    /// A film and where its report goes.
    struct Film {
        let path: String
        let labels: String?
        let out: String
    }

    let command: VerifyCommand
    let film: Film
    let codec: AudioProcessor.Codec
    let gates: GateSet
    /// What the run must not be worse than, or nil.
    let baseline: RunResults?

    /// The films of a command: the embedded clip where none is named, a folder each where there are several.
    static func films(_ command: VerifyCommand) throws -> [Film] {
        if command.inputs.isEmpty {
            let clip = "\(command.goldens)/clips/scene"
            return [Film(path: clip + ".m4v", labels: command.labels ?? clip + ".labels.csv", out: command.out)]
        }
        for path in command.inputs where !FileManager.default.fileExists(atPath: path) {
            throw CommandError.noInput("there is no '\(path)'; name an audio or video file")
        }
        guard command.inputs.count > 1 else {
            return [Film(path: command.inputs[0], labels: command.labels, out: command.out)]
        }
        var used: Set<String> = []
        return try command.inputs.map { path in
            let name = URL(filePath: path).lastPathComponent
            guard used.insert(name).inserted else {
                throw CommandError.usage("two films are named '\(name)'; verify them one by one with their own --out")
            }
            return Film(path: path, labels: nil, out: "\(command.out)/\(name)")
        }
    }

    /// Measures, judges, writes the report and prints.
    ///
    /// - Returns: The verdict, or a worse one where something is worse than the baseline; SWITCH for a shard that ran.
    func run() throws -> Verdict {
        let context = try makeContext()
        defer { context?.close() }
        let verifier = Verifier(try options(context))
        let folder = RunFolder(URL(filePath: film.out))
        let leftover = command.resume ? nil : try LeftoverRun(folder, gates: gates)
        let journal = try folder.begin(info: verifier.info, plans: verifier.plans, isResuming: command.resume)
        try leftover?.keep(in: folder, command.junit.profile)
        // A resumed run's findings show the sounds that it made before it was cut off.
        if !command.resume { try FilmContext.removeSnippets(in: folder.url) }
        let results = try verifier.run(journal: journal) { finding in
            try Interruption.check()
            if !command.quiet, !command.json { try StandardStreams.output(GateTable.line(finding)) }
        }
        let report = RunReport(results, gates: gates, today: try .today)
        let bytes = try report.json()
        if let shard = command.shard {
            // A part of a run has no verdict: everything but its results is made from all parts.
            try folder.finish(journal, results: bytes, files: [:])
            try show(shard, folder, bytes, checkCount: verifier.checks.count)
            return .switch
        }
        let files = try report.files(junit: command.junit.profile, attachments: folder.url)
        try folder.finish(journal, results: bytes, files: files)
        try GitHub.announce(report, onStandardOutput: !command.json)
        try show(report, bytes)
        return Verdict.worst([report.verdict.overall, try verdict(againstBaseline: report)])
    }

    /// SWITCH where there is no baseline or nothing is worse than it.
    private func verdict(againstBaseline report: RunReport) throws -> Verdict {
        guard let baseline else { return .switch }
        let comparison = RunComparison(old: baseline, new: report, today: try .today)
        let text = "Against \(command.baseline ?? ""): \(comparison.text())"
        if command.json { StandardStreams.error(text) } else { try StandardStreams.output(text) }
        guard comparison.obstacles.isEmpty else { return .cannotTell }
        return comparison.isWorse ? .doNot : .switch
    }

    private func show(_ shard: Shard, _ folder: RunFolder, _ bytes: Data, checkCount: Int) throws {
        if command.json { return try StandardStreams.output(String(decoding: bytes, as: UTF8.self)) }
        try StandardStreams.output(
            "Shard \(shard.index) of \(shard.count) ran \(checkCount) checks: \(folder.resultsPath); "
                + "codecgate merge judges all shards\n")
    }

    /// Phase 1 alone needs no film.
    private func makeContext() throws -> FilmContext? {
        guard command.phase.phases != [1] else { return nil }
        let out = URL(filePath: film.out)
        let scratch = out.appendingPathComponent(".scratch-\(ProcessInfo.processInfo.processIdentifier)")
        var request = FilmContext.Request(path: film.path, codec: codec, scratch: scratch)
        request.labelsPath = film.labels
        request.bandwidthKbps = command.bandwidth
        request.maximumTRCount = command.maximumTRCount
        request.seed = command.seed
        request.threadCount = command.threads
        request.reportFolder = out
        request.checkpoint = { try Interruption.check() }
        Self.removeScratch(in: out)
        request.features = try command.features.map(given)
        request.scan = try command.fmri.map(ScanFile.read)
        return try FilmContext(request)
    }

    /// Removes scratch folders of runs that were killed.
    private static func removeScratch(in folder: URL) {
        let prefix = ".scratch-"
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasPrefix(prefix) {
                guard let process = Int32(name.dropFirst(prefix.count)), kill(process, 0) != 0, errno == ESRCH else {
                    continue
                }
                try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
            }
        } catch { return }
    }

    private func given(_ path: String) throws -> GivenFeatures {
        let stored = try StoredFeatures(.init(input: path, codec: codec.identifier))
        return GivenFeatures(
            label: path, sha256: try SHA256.hexadecimal(ofFile: path), detection: stored.detection, input: stored.input,
            processor: stored.processor)
    }

    private func options(_ context: FilmContext?) throws -> Verifier.Options {
        var options = Verifier.Options(
            goldens: URL(filePath: command.goldens), recordings: command.recordings.map { URL(filePath: $0) },
            environment: ProcessInfo.processInfo.environment, phases: command.phase.phases, seed: command.seed,
            command: commandLine, tool: "codecgate \(Codecgate.configuration.version)")
        options.film = context
        options.gates = gates
        (options.shard, options.facts) = (command.shard, SourceState.facts)
        options.pesq = try MetricSelection.pesqProvider(command.pesq)
        return options
    }

    /// What repeats the run, without where the report goes.
    private var commandLine: String {
        var words = ["codecgate verify"]
        if !command.inputs.isEmpty { words.append(film.path) }
        words.append("--phase \(command.phase.rawValue) --codec \(command.codec.specification)")
        words.append("--bandwidth \(command.bandwidth) --seed \(command.seed)")
        if let count = command.maximumTRCount { words.append("--max-trs \(count)") }
        if let labels = command.labels { words.append("--labels \(labels)") }
        if let features = command.features { words.append("--features \(features)") }
        if let fmri = command.fmri { words.append("--fmri \(fmri)") }
        if command.pesq != "off" { words.append("--pesq \(command.pesq)") }
        if let gates = command.gates { words.append("--gates \(gates)") }
        return words.joined(separator: " ")
    }

    private func show(_ report: RunReport, _ bytes: Data) throws {
        if command.json { return try StandardStreams.output(String(decoding: bytes, as: UTF8.self)) }
        let table = command.quiet ? "" : "\n" + GateTable.text(report)
        try StandardStreams.output("\(table)\(GateTable.verdict(report))Report: \(film.out)/report.html\n")
    }
}
