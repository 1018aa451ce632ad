import ArgumentParser
import Verification

/// `codecgate compare`.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Say what got worse between two runs.",
        discussion: """
            Both runs are judged by the same lines. The most harmful change comes first. Exit codes: 0 nothing got worse, \
            1 something did, 3 the runs measure different things.

            --json lists every segment that differs, not only the first few.

            Example: codecgate compare Reports/results.previous.json Reports/results.json
            """)

    @Argument(help: ArgumentHelp("results.json of the run before, or its folder.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("results.json of the run now, or its folder.", valueName: "new"))
    var new: String

    @Option(help: ArgumentHelp("Gate file (default: the shipped gates).", valueName: "file"))
    var gates: String?

    @Option(help: ArgumentHelp("Relative change that counts as none.", valueName: "share"))
    var tolerance = 1e-6

    @Option(help: ArgumentHelp("Most segments shown for a finding.", valueName: "n"))
    var segments = 5

    @Flag(help: "Compare although tool, codec, seed or kernels differ; the differences are shown.")
    var anyway = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (0...1).contains(tolerance) else { throw ValidationError("--tolerance is \(tolerance); give 0 to 1.") }
        guard segments >= 0 else { throw ValidationError("--segments is \(segments); give 0 or more.") }
    }

    func run() throws {
        let gateSet = try gates.map(GateSet.init(contentsOf:)) ?? GateSet.shipped()
        let runs = try [old, new].map { try StoredRun($0).results }
        let report = RunReport(runs[1], gates: gateSet, today: try .today)
        let comparison = RunComparison(old: runs[0], new: report, today: try .today, tolerance: tolerance)
        let isComparable = comparison.obstacles.isEmpty || anyway
        if json {
            try StandardStreams.json(ComparisonReport(comparison, isComparable: isComparable))
        } else if isComparable {
            try StandardStreams.output(comparison.text(segmentCount: segments))
        } else {
            let lines = comparison.obstacles.map { "  \($0)\n" }.joined()
            try StandardStreams.output("NOT COMPARABLE (--anyway compares all the same):\n\(lines)")
        }
        guard isComparable else { throw ExitCode(3) }
        if comparison.isWorse { throw ExitCode(1) }
    }
}
