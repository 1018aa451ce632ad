/// What a reader needs to repeat a run.
public struct RunInfo: Sendable, Equatable, Codable {
    /// A fact about the run.
    public struct Fact: Sendable, Codable, Equatable {
        /// Such as `kernel level`.
        public let name: String
        /// Such as `avx512`.
        public let value: String

        /// A fact.
        ///
        /// - Parameters:
        ///   - name: What it is about.
        ///   - value: What is the case.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Program and version that measured.
    public let tool: String
    /// The command line, without what only says where the report goes.
    public let command: String
    /// Seed of everything random, the intervals included.
    public let seed: UInt64
    /// The phases asked for, ascending.
    public let phases: [Int]
    /// Inputs with their digests, codec, machine, modes.
    public let facts: [Fact]

    /// A description of a run.
    ///
    /// - Parameters:
    ///   - tool: Program and version that measured.
    ///   - command: The command line.
    ///   - seed: Seed of everything random.
    ///   - phases: The phases asked for, 1 to 4.
    ///   - facts: Inputs with their digests, codec, machine, modes.
    public init(tool: String, command: String, seed: UInt64, phases: [Int], facts: [Fact]) {
        self.tool = tool
        self.command = command
        self.seed = seed
        self.phases = Set(phases).sorted()
        self.facts = facts
    }

    /// The first thing in which two runs differ so that their findings must not be mixed; nil when there is none.
    ///
    /// The command line may differ: it says, for instance, that a run is resumed.
    func difference(from other: RunInfo) -> String? {
        if tool != other.tool { return "'\(other.tool)' measured it, this is '\(tool)'" }
        if seed != other.seed { return "its seed is \(other.seed), not \(seed)" }
        if phases != other.phases { return "it is about phases \(other.phases), not \(phases)" }
        if facts.count != other.facts.count { return "it has \(other.facts.count) facts, not \(facts.count)" }
        return zip(facts, other.facts).first { $0 != $1 }
            .map { "its \($1.name) is '\($1.value)', not '\($0.value)' (\($0.name))" }
    }
}

/// Everything about a run that differs between two equal runs, kept apart from all else.
public struct RunTimings: Sendable, Equatable, Codable {
    /// When the run began, as UTC in ISO 8601.
    public let started: String
    /// Seconds of the whole run.
    public let seconds: Double
    /// Seconds of each check.
    public let checks: [String: Double]

    /// Timings.
    ///
    /// - Parameters:
    ///   - started: UTC in ISO 8601.
    ///   - seconds: Seconds of the whole run.
    ///   - checks: Seconds by check id.
    public init(started: String, seconds: Double, checks: [String: Double]) {
        self.started = started
        self.seconds = seconds
        self.checks = checks
    }
}
