import Foundation
import NumericCore
import TestSupport
import Testing
import Verification

/// A scratch folder with the inputs that examples of help texts and documents speak of; README names the files.
///
/// The user's film is the opening of the embedded clip: 6 s, 4 TRs. An example with another input needs it made in
/// `ExampleFolder+Inputs.swift`. The hub is a stub that gives mini as `facebook/encodec_24khz`; for `evaluate`,
/// `model` and the like there is also a folder `model`, trained for an epoch.
final class ExampleFolder {
    let folder: TemporaryFolder
    private let hub: HubStub
    private static let codec = "facebook/encodec_24khz"

    init() throws {
        folder = try TemporaryFolder()
        let mini = Repository.root.appendingPathComponent("Sources/EnCodec/Resources/mini")
        let configuration = try Data(contentsOf: mini.appendingPathComponent("config.json"))
        let weights = try Data(contentsOf: mini.appendingPathComponent("model.safetensors"))
        hub = try HubStub {
            ($0.id, $0.configuration, $0.weights) = (Self.codec, Array(configuration), Array(weights))
        }
        try makeInputs()
        try storeResults()
        try fillHubCache(configuration, weights)
    }

    private func storeResults() throws {
        let plan = FindingPlan(
            id: "roundtrip.made", check: "roundtrip", phase: 2, title: "Made for the examples", unit: "1",
            variant: "made", direction: .lower)
        let info = RunInfo(tool: "codecgate", command: "codecgate verify", seed: 0, phases: [2], facts: [])
        let timings = RunTimings(started: "2026-01-01T00:00:00Z", seconds: 1, checks: [:])
        let finding = Finding(plan, .value(0), population: 1)
        guard let day = CalendarDay("2026-01-01") else { return }
        for (path, shard) in [
            ("Reports/results.json", nil), ("Reports/results.previous.json", nil), ("old/results.json", nil),
            ("a/results.json", Shard("1/2")), ("b/results.json", Shard("2/2")),
        ] {
            let results = RunResults(
                info: info, plans: [plan], findings: shard?.index == 2 ? [] : [finding], timings: timings, shard: shard)
            let url = folder.url.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try RunReport(results, gates: .shipped(), today: day).json().write(to: url)
        }
        let results = RunResults(info: info, plans: [plan], findings: [finding], timings: timings)
        try Baseline(results, reason: "made for the examples", replaces: nil).json().write(
            to: folder.url.appendingPathComponent("base.json.proposed"))
    }

    private func fillHubCache(_ configuration: Data, _ weights: Data) throws {
        let model = folder.url.appendingPathComponent("hf/hub/models--facebook--encodec_24khz")
        let snapshot = model.appendingPathComponent("snapshots/\(HubStub.commit)")
        for path in [snapshot, model.appendingPathComponent("refs")] {
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        }
        try configuration.write(to: snapshot.appendingPathComponent("config.json"))
        try weights.write(to: snapshot.appendingPathComponent("model.safetensors"))
        try Data(HubStub.commit.utf8).write(to: model.appendingPathComponent("refs/main"))
    }

    /// Runs a line as a shell does, with `codecgate` in the path.
    func run(_ line: String) throws -> Program.Outcome {
        let program = Program.executable.deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let environment = try HubCacheFolder().environment(
            endpoint: hub.hub.address,
            [
                "HF_HOME": folder.path("hf"), "PATH": "\(program):\(path)", "CI": "", "HOME": folder.path("home"),
                "GITHUB_STEP_SUMMARY": folder.path("step-summary.md"),
            ])
        let needsModel = line.hasPrefix("codecgate evaluate model") || line.hasPrefix("codecgate model")
        if needsModel, !FileManager.default.fileExists(atPath: folder.path("model")) {
            try Program.succeed([
                "train", folder.path("features.npy"), "-o", folder.path("model"), "--epochs", "1", "--gap", "0",
            ])
        }
        return try Program.run(
            ["-c", "cd '\(folder.url.path)' && \(line)"], environment: environment,
            executable: URL(fileURLWithPath: "/bin/sh"))
    }
}
