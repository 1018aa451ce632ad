import Foundation
import Glibc

/// Whether there is room and permission where files will be written.
enum FolderDiagnoses {
    /// A report with its audio is smaller than this.
    private static let neededByteCount = 100_000_000

    /// - Parameters:
    ///   - reports: The report folder; it need not exist.
    ///   - temporary: The folder for temporary files.
    /// - Returns: One finding a folder, and the free space.
    static func all(reports: String, temporary: String) -> [Diagnosis] {
        [
            writable(
                "working folder", ".", level: .note,
                remedy: "give outputs in another folder, or change to one that is yours"),
            writable("report folder", reports, level: .problem, remedy: "give --out a folder that may be written"),
            writable("temporary folder", temporary, level: .note, remedy: "set TMPDIR to a folder that may be written"),
            room(reports),
        ]
    }

    private static func writable(_ subject: String, _ path: String, level: Diagnosis.Level, remedy: String) -> Diagnosis {
        let existing = nearestExisting(path)
        guard access(existing, W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            return Diagnosis(
                subject: subject, level: level, text: "'\(path)' cannot be written (\(reason))", remedy: remedy)
        }
        var status = stat()
        guard stat(existing, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return Diagnosis(subject: subject, level: level, text: "'\(existing)' is not a folder", remedy: remedy)
        }
        return .ok(subject, "'\(path)' may be written")
    }

    private static func room(_ path: String) -> Diagnosis {
        guard let free = PartialFile.free(nearestExisting(path)) else {
            return .note("free space", "the system does not say", "see that 100 MB are free")
        }
        let text = "\(Text.fixed(Double(free) / 1e9, 1)) GB"
        guard free < neededByteCount else { return .ok("free space", text) }
        return .problem("free space", text, "a report needs up to 100 MB; make room or give --out another disk")
    }

    /// The folder itself or the first one above it that exists.
    private static func nearestExisting(_ path: String) -> String {
        var path = path
        while access(path, F_OK) != 0, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            path = String(path[..<slash])
        }
        return access(path, F_OK) == 0 ? path : path.hasPrefix("/") ? "/" : "."
    }
}
