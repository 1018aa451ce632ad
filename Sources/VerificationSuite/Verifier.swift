internal import AudioIO
internal import EnCodec
public import Foundation
internal import NumericCore
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
        /// The film that phases 2 to 4 are about, or nil: they are not measured then.
        public var film: FilmContext?
        /// The gates by which negative controls are tried; nil for no controls.
        public var gates: GateSet?
        /// Whether to explain the film's numbers as well: probe, ladder, claims and reach.
        public var isAudited = true
        /// Scores PESQ for the claims that need it, or nil.
        public var pesq: PESQProvider?
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
        let goldens = options.goldens
        let recording = options.recordings?.appendingPathComponent("speech_librispeech_1272-128104-0000_16k.wav")
        return EncodecGoldenChecks(goldens: goldens).checks
            + [PublishedFactsCheck(goldens: goldens, recording: recording, environment: options.environment)]
            + MelGoldenChecks(goldens: goldens).checks + ModelGoldenChecks(goldens: goldens).checks
            + DimensionTable.checks
            + FormatChecks.checks + [ResamplerCheck.pipeline.check] + filmChecks(options) + ProductionChecks().checks
    }

    /// What is measured on the film, time first: no other number means anything when time is wrong.
    private static func filmChecks(_ options: Options) -> [any Check] {
        guard let film = options.film else { return [] }
        return TimeChecks(film: film).checks + GivenFeatureChecks(film: film).checks + CodeChecks(film: film).checks
            + RoundTripChecks(film: film).checks
            + ComparisonChecks(film: film).checks + TrainingChecks(film: film).checks
            + BrainChecks(film: film).checks
            + (options.gates.map { ControlChecks(film: film, gates: $0).checks } ?? []) + auditChecks(film, options)
    }

    /// Ids of the checks, in the order in which they run.
    public var checks: [String] { runner.ids }

    /// What a reader needs to repeat the run.
    public var info: RunInfo {
        RunInfo(
            tool: options.tool, command: options.command, seed: options.seed, phases: options.phases,
            facts: (options.film?.facts ?? []) + Self.machine + options.facts)
    }

    private static var machine: [RunInfo.Fact] {
        let libraries = [SystemLibrary.fftw, .openBLAS, .zlib] + SystemLibrary.audio
        return [
            .init(name: "kernel level", value: KernelLevel.best.rawValue),
            .init(name: "OpenBLAS core", value: BLASRuntime.coreName),
            .init(name: "libraries", value: libraries.map { "\($0.name) \($0.version)" }.joined(separator: ", ")),
            .init(name: "processors", value: "\(ProcessInfo.processInfo.activeProcessorCount)"),
            .init(name: "system", value: ProcessInfo.processInfo.operatingSystemVersionString),
        ]
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
        // Speeds are timings: they differ between equal runs and must not be findings.
        let speeds = (options.film?.timings ?? [:]).map { ("speed.\($0.key)", $0.value) }
        let timings = RunTimings(
            started: date.ISO8601Format(), seconds: (ContinuousClock.now - start) / .seconds(1),
            checks: seconds.merging(speeds) { check, _ in check })
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
