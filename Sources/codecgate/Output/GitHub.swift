import Foundation
import Verification

/// What GitHub's runners read from a step's output.
enum GitHub {
    /// Prints the gates that stop the verdict as error lines, where the program runs in a workflow.
    ///
    /// - Parameters:
    ///   - report: The run.
    ///   - onStandardOutput: False where standard output holds something else; runners read both.
    /// - Throws: ``CommandError/unwritable(_:)``.
    static func announce(_ report: RunReport, onStandardOutput: Bool) throws(CommandError) {
        guard ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true" else { return }
        let text = report.githubErrors().map { $0 + "\n" }.joined()
        if onStandardOutput {
            try StandardStreams.output(text)
        } else {
            StandardStreams.error(text)
        }
    }
}
