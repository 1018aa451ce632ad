import EnCodec
public import Foundation
import NumericCore
public import Verification

/// Runs the checks of a migration phase and makes the report.
public struct Verifier {
    private let goldens: URL
    private let recordings: URL?
    private let environment: [String: String]

    /// A verifier.
    ///
    /// - Parameters:
    ///   - goldens: `GoldenData` of the repository.
    ///   - recordings: A folder with recordings that the repository may not ship, or nil.
    ///   - environment: Says where the hub cache is.
    public init(goldens: URL, recordings: URL?, environment: [String: String]) {
        self.goldens = goldens
        self.recordings = recordings
        self.environment = environment
    }

    /// Runs phase 1.
    ///
    /// - Parameter progress: Called with every result as soon as it is there.
    /// - Returns: The report; what could not be checked is in it as not measured.
    /// - Throws: What `progress` throws; a check that breaks is a failed check, not an error.
    public func run(progress: (CheckResult) throws -> Void = { _ in }) rethrows -> RunReport {
        var results = try EncodecGoldenChecks(goldens: goldens).run(progress: progress)
        let recording = recordings?.appendingPathComponent("speech_librispeech_1272-128104-0000_16k.wav")
        let others =
            PublishedFactsCheck(goldens: goldens, recording: recording, environment: environment).run()
            + PendingChecks.phase1
        for result in others { try progress(result) }
        results += others
        return RunReport(results: results, facts: Self.facts)
    }

    private static var facts: [RunReport.Fact] {
        [
            .init(name: "phase", value: "1"),
            .init(name: "kernel level", value: KernelLevel.best.rawValue),
            .init(name: "processors", value: "\(ProcessInfo.processInfo.activeProcessorCount)"),
            .init(name: "system", value: ProcessInfo.processInfo.operatingSystemVersionString),
        ]
    }
}
