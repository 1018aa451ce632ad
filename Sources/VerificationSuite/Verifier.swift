import EnCodec
public import Foundation
import NumericCore
public import Verification

/// Runs the checks of migration phases.
public struct Verifier {
    /// Where things are, and what is asked for.
    public struct Options {
        /// `GoldenData` of the repository.
        public var goldens: URL
        /// A folder with recordings that the repository may not ship, or nil.
        public var recordings: URL?
        /// Says where the hub cache is.
        public var environment: [String: String]
        /// The phases asked for, 1 to 4.
        public var phases: [Int]
        /// Seed of everything random.
        public var seed: UInt64
        /// The command line, for the report.
        public var command: String
        /// Program and version, for the report.
        public var tool: String
        /// The part of the checks to run; nil for all.
        public var shard: Shard?
        /// Further facts about the run, such as the commit.
        public var facts: [RunInfo.Fact] = []

        /// Options.
        ///
        /// - Parameters:
        ///   - goldens: `GoldenData` of the repository.
        ///   - recordings: A folder with recordings that the repository may not ship, or nil.
        ///   - environment: Says where the hub cache is.
        ///   - phases: The phases asked for, 1 to 4.
        ///   - seed: Seed of everything random.
        ///   - command: The command line.
        ///   - tool: Program and version.
        public init(
            goldens: URL, recordings: URL? = nil, environment: [String: String] = [:], phases: [Int] = [1, 2, 3, 4],
            seed: UInt64 = 0, command: String = "", tool: String = "codecgate"
        ) {
            self.goldens = goldens
            self.recordings = recordings
            self.environment = environment
            self.phases = phases
            self.seed = seed
            self.command = command
            self.tool = tool
        }
    }

    private let options: Options
    private let runner: CheckRunner
    /// Everything that the whole run measures, also where this is one shard of it.
    public let plans: [FindingPlan]

    /// A verifier.
    ///
    /// - Parameter options: Where things are, and what is asked for.
    public init(_ options: Options) {
        self.options = options
        let checks = Self.catalogue(options).filter { $0.plans.contains { options.phases.contains($0.phase) } }
        plans = checks.flatMap(\.plans)
        let owners = Shard.owners(of: plans, count: options.shard?.count ?? 1)
        runner = CheckRunner(checks.filter { owners[$0.id] == options.shard?.index ?? 1 })
    }

    /// Every check of every phase, in the order in which they run.
    private static func catalogue(_ options: Options) -> [any Check] {
        let recording = options.recordings?.appendingPathComponent("speech_librispeech_1272-128104-0000_16k.wav")
        return EncodecGoldenChecks(goldens: options.goldens).checks
            + [PublishedFactsCheck(goldens: options.goldens, recording: recording, environment: options.environment)]
            + PendingChecks.phase1
    }

    /// Ids of the checks, in the order in which they run.
    public var checks: [String] { runner.ids }

    /// What a reader needs to repeat the run.
    public var info: RunInfo {
        RunInfo(
            tool: options.tool, command: options.command, seed: options.seed, phases: options.phases,
            facts: [
                .init(name: "kernel level", value: KernelLevel.best.rawValue),
                .init(name: "processors", value: "\(ProcessInfo.processInfo.activeProcessorCount)"),
                .init(name: "system", value: ProcessInfo.processInfo.operatingSystemVersionString),
            ] + options.facts)
    }

    /// Measures.
    ///
    /// - Parameters:
    ///   - journal: Gets each finding as soon as it is there; nil to keep none.
    ///   - progress: Called with every finding; may throw to end the run.
    /// - Returns: What was measured; what could not be is in it as not measured.
    /// - Throws: What `progress` throws, and `ResultsError` when the journal cannot be written.
    public func run(journal: RunJournal? = nil, progress: (Finding) throws -> Void = { _ in }) throws -> RunResults {
        let (date, start) = (Date(), ContinuousClock.now)
        let (findings, seconds) = try runner.run(journal: journal, progress: progress)
        let timings = RunTimings(
            started: date.ISO8601Format(), seconds: (ContinuousClock.now - start) / .seconds(1), checks: seconds)
        return RunResults(info: info, plans: plans, findings: findings, timings: timings, shard: options.shard)
    }

    /// Measures with one check.
    ///
    /// - Parameters:
    ///   - check: One of ``checks``; nothing is found by any other name.
    ///   - journal: Gets each finding as soon as it is there.
    /// - Returns: One finding for each of its plans.
    /// - Throws: `ResultsError` when the journal cannot be written.
    public func run(check: String, journal: RunJournal?) throws -> [Finding] {
        try runner.run(check: check, journal: journal)
    }
}
