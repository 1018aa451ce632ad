public import ArgumentParser
import Foundation
public import Verification

extension Shard: ExpressibleByArgument {
    /// Reads `2/3`.
    ///
    /// - Parameter argument: As typed.
    public init?(argument: String) { self.init(argument) }
}

/// What the program was built with and from which commit it verifies.
enum SourceState {
    /// Facts for the report: `toolchain`, and `commit` where the working folder or the CI system names one.
    static var facts: [RunInfo.Fact] {
        let commit = commit(ProcessInfo.processInfo.environment, folder: FileManager.default.currentDirectoryPath)
        return [RunInfo.Fact(name: "toolchain", value: toolchain)]
            + (commit.map { [RunInfo.Fact(name: "commit", value: $0)] } ?? [])
    }

    private static var toolchain: String {
        #if compiler(>=6.4)
            "Swift 6.4 or later"
        #elseif compiler(>=6.3)
            "Swift 6.3"
        #else
            "Swift 6.2"
        #endif
    }

    /// The commit that CI checked out, or that HEAD names in the nearest folder with .git.
    private static func commit(_ environment: [String: String], folder: String) -> String? {
        for name in ["GITHUB_SHA", "CI_COMMIT_SHA"] {
            if let value = environment[name], isDigest(value) { return value }
        }
        var folder = URL(filePath: folder)
        while folder.path != "/" {
            if let git = gitFolder(in: folder) { return head(of: git) }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    /// `.git` itself, or where the file of a further working tree points.
    private static func gitFolder(in folder: URL) -> URL? {
        let git = folder.appendingPathComponent(".git")
        guard FileManager.default.fileExists(atPath: git.path) else { return nil }
        guard let text = text(git), text.hasPrefix("gitdir: ") else { return git }
        return path(String(text.dropFirst(8)), in: folder)
    }

    private static func head(of git: URL) -> String? {
        guard let head = text(git.appendingPathComponent("HEAD")) else { return nil }
        guard head.hasPrefix("ref: ") else { return isDigest(head) ? head : nil }
        let reference = String(head.dropFirst(5))
        let common = text(git.appendingPathComponent("commondir")).map { path($0, in: git) } ?? git
        if let digest = text(common.appendingPathComponent(reference)) { return isDigest(digest) ? digest : nil }
        let packed = text(common.appendingPathComponent("packed-refs")) ?? ""
        return packed.split(separator: "\n").first { $0.hasSuffix(" \(reference)") }.map { String($0.prefix(40)) }
    }

    private static func path(_ path: String, in folder: URL) -> URL {
        path.hasPrefix("/") ? URL(filePath: path) : folder.appendingPathComponent(path)
    }

    /// A small text file; nil where there is none, since a report without a commit is still a report.
    private static func text(_ url: URL) -> String? {
        guard let data = FileManager.default.contents(atPath: url.path), data.count < 1 << 24 else { return nil }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func isDigest(_ text: String) -> Bool {
        (40...64).contains(text.utf8.count) && text.allSatisfy(\.isHexDigit)
    }
}
