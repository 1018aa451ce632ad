import Foundation
import TestSupport
import Testing

/// The built program, run as a process of its own, as users run it.
enum Program {
    /// What a run left behind.
    struct Outcome {
        let status: Int32
        let output: String
        let error: String
    }

    /// The program beside the test bundle.
    static var executable: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("codecgate")
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: As typed.
    ///   - environment: Variables that replace the inherited ones of the same name.
    ///   - executable: Another program; nil is codecgate.
    /// - Returns: Exit status and what was printed.
    /// - Throws: When the program cannot be started.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], executable: URL? = nil
    ) throws -> Outcome {
        let process = process(arguments, environment: environment)
        if let executable { process.executableURL = executable }
        let folder = try TemporaryFolder()
        // Files instead of pipes: no output is too long for them.
        let files = try ["out", "err"].map { name in
            try Data().write(to: folder.url.appendingPathComponent(name))
            return try FileHandle(forWritingTo: folder.url.appendingPathComponent(name))
        }
        (process.standardOutput, process.standardError) = (files[0], files[1])
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: try String(contentsOfFile: folder.path("out"), encoding: .utf8),
            error: try String(contentsOfFile: folder.path("err"), encoding: .utf8))
    }

    /// The program ready to be started, without input.
    static func process(_ arguments: [String], environment: [String: String] = [:]) -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Runs the program, which must succeed.
    ///
    /// - Returns: What it printed on standard output.
    @discardableResult
    static func succeed(
        _ arguments: [String], environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try run(arguments, environment: environment)
        try #require(
            outcome.status == 0, "\(arguments): status \(outcome.status), \(outcome.error)",
            sourceLocation: sourceLocation)
        return outcome.output
    }

    /// Runs the program, which must fail with one sentence.
    ///
    /// - Parameters:
    ///   - arguments: As typed.
    ///   - status: The exit status expected.
    ///   - texts: What the sentence must contain.
    ///   - sourceLocation: Where the expectation stands.
    /// - Throws: When the program cannot be started.
    static func expectFailure(
        _ arguments: [String], status: Int32, saying texts: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try run(arguments)
        #expect(outcome.status == status, "\(arguments): \(outcome.error)", sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
        #expect(outcome.error.hasPrefix("Error: "), "\(outcome.error)", sourceLocation: sourceLocation)
        #expect(outcome.error.hasSuffix(".\n"), "\(outcome.error)", sourceLocation: sourceLocation)
        for text in texts {
            #expect(outcome.error.contains(text), "\(text) in: \(outcome.error)", sourceLocation: sourceLocation)
        }
    }

    /// The small codecs among the goldens.
    static let small = Repository.golden("encodec/small").path
    static let smallStereo = Repository.golden("encodec/small_stereo").path
}
