import Foundation

/// Runs a program to its end or to a time limit.
enum Subprocess {
    /// What became of it.
    enum Outcome {
        case exited(code: Int32, output: String, errors: String)
        case timedOut
        case notStarted(String)
    }

    /// Runs `arguments[0]`, looked up in PATH, and collects what it writes.
    ///
    /// Output goes to files, so that no full pipe can block the program and none of its children can block this one.
    static func run(_ arguments: [String], timeLimitSeconds: Double) -> Outcome {
        guard arguments.first?.isEmpty == false else { return .notStarted("it has no name") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("codecgate-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            defer { remove(folder) }
            let (output, errors) = (folder.appendingPathComponent("out"), folder.appendingPathComponent("err"))
            for url in [output, errors] { try Data().write(to: url) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["--"] + arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = try FileHandle(forWritingTo: errors)
            let ended = DispatchSemaphore(value: 0)
            process.terminationHandler = { _ in ended.signal() }
            try process.run()
            if ended.wait(timeout: .now() + timeLimitSeconds) == .timedOut {
                kill(process.processIdentifier, SIGKILL)
                ended.wait()
                return .timedOut
            }
            return .exited(
                code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
                output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
                errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
        } catch {
            return .notStarted("\(error)")
        }
    }

    static func remove(_ folder: URL) {
        do { try FileManager.default.removeItem(at: folder) } catch {
            FileHandle.standardError.write(Data("\(folder.path) stays behind: \(error)\n".utf8))
        }
    }
}
