import FoundationEssentials
import Glibc
import Verification

/// Small text files that the user names.
enum TextFile {
    /// The whole of a file.
    ///
    /// - Parameters:
    ///   - path: The file, in UTF-8.
    ///   - role: What it is for, as in `list`.
    /// - Returns: Its text.
    /// - Throws: ``CommandError`` when it cannot be opened or is not text.
    static func read(_ path: String, as role: String) throws(CommandError) -> String {
        guard access(path, R_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw .noInput("the \(role) '\(path)' cannot be opened (\(reason)); name a CSV file")
        }
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw .badInput("the \(role) '\(path)' is not text in UTF-8 (\(error)); name a CSV file")
        }
    }
}

/// Labels that the user names.
enum LabelFile {
    /// The labels of a recording.
    ///
    /// - Parameter path: A CSV file with the columns start, end and label.
    /// - Returns: The track.
    /// - Throws: ``CommandError`` when it cannot be read or a line is wrong.
    static func read(_ path: String) throws(CommandError) -> LabelTrack {
        let text = try TextFile.read(path, as: "label file")
        do throws(LabelTrack.Problem) { return try LabelTrack(csv: text) } catch {
            throw .badInput("'\(path)': \(error)")
        }
    }
}
