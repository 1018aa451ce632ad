import ArgumentParser
import EnCodec
import FoundationEssentials

extension CompletionKind {
    /// What can follow `--codec`: the embedded codec, the ids in the hub cache, and folders.
    static var codec: CompletionKind {
        .custom { _, _, typed in [CodecFiles.embeddedName] + CodecFiles.idsInHubCache() + folders(typed) }
    }

    /// Folders whose path begins as what was typed.
    private static func folders(_ typed: String) -> [String] {
        let parent = String(typed.reversed().drop { $0 != "/" }.reversed())
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: parent.isEmpty ? "." : parent) } catch {
            // Nothing can be offered below a folder that cannot be read.
            return []
        }
        return names.sorted().map { parent + $0 }.filter { path in
            var isFolder = false
            return path.hasPrefix(typed) && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder
        }
    }
}
