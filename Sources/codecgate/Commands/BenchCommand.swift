import ArgumentParser

/// `codecgate bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure speed beside other implementations and the machine's own limit.",
        subcommands: [])
}
