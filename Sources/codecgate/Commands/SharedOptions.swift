import ArgumentParser
import EnCodec
import FoundationEssentials
import Glibc

/// Which codec a command works with.
struct CodecOption: ParsableArguments {
    @Option(
        name: .customLong("codec"),
        help: ArgumentHelp(
            "A folder with config.json and weights, a Hugging Face id in the local hub cache, or mini.",
            valueName: "spec"), completion: .codec)
    var specification = CodecFiles.embeddedName

    /// Finds the codec's files.
    ///
    /// - Throws: `EncodecError`.
    func locate() throws -> CodecFiles { try CodecFiles.locate(specification) }
}

/// How a command works and reports.
struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Threads to work with; results do not depend on it.", valueName: "n"))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(help: "Print only errors (and JSON, when asked for).")
    var quiet = false

    func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads); give 1 to 1024.")
        }
    }
}

/// Checks an output's path before work starts, and touches nothing.
enum OutputPath {
    /// - Throws: ``CommandError`` when the output is an input or a folder, or its folder is missing or closed.
    static func check(_ path: String, isNot input: String) throws(CommandError) {
        if let output = identity(path), output == identity(input) {
            throw .usage("the output '\(path)' is the input itself; choose another name")
        }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw .unwritable("the output '\(path)' exists and is not a file; choose another name")
        }
        let folder = String(path.reversed().drop { $0 != "/" }.reversed())
        guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw .unwritable("cannot write '\(path)': \(reason); give a folder that exists and may be written")
        }
    }

    /// Device and number of an existing file.
    private static func identity(_ path: String) -> [UInt64]? {
        var status = stat()
        return stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
    }
}
