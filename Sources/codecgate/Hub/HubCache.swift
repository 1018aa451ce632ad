import Foundation
import Glibc
import NumericCore

/// One repository's folder in the hub cache, laid out as Hugging Face's programs lay it out.
///
/// `blobs/ETAG` holds contents, `snapshots/COMMIT/NAME` are relative links to them, `refs/BRANCH` hold commits.
struct HubCache {
    /// The repository's folder.
    let folder: String
    private let lockFolder: String

    /// - Parameters:
    ///   - cache: The hub cache.
    ///   - id: A checked repository id, `organisation/name`.
    init(cache: String, id: String) {
        let name = "models--" + id.replacing("/", with: "--")
        folder = cache + "/" + name
        lockFolder = cache + "/.locks/" + name
    }

    /// Where a blob stands when it is complete.
    func blob(_ etag: String) -> String { "\(folder)/blobs/\(etag)" }

    /// Where it grows.
    func incomplete(_ etag: String) -> String { blob(etag) + ".incomplete" }

    /// Where a commit's files stand.
    func snapshot(_ commit: String) -> String { "\(folder)/snapshots/\(commit)" }

    /// Makes a folder and those above it.
    ///
    /// - Throws: `HubError.system`.
    func makeFolder(_ path: String) throws(HubError) {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw .system(operation: "make the folder", path: path, code: Int32(underlying?.code ?? Int(EACCES)))
        }
    }

    /// Runs `body` while no other process, of this program or of Hugging Face's, works at the same blob.
    ///
    /// - Parameters:
    ///   - etag: The blob.
    ///   - waiting: Called once when another process has it.
    ///   - body: What to do.
    /// - Returns: What `body` returns.
    /// - Throws: `HubError.system`, `Interruption`, what `body` throws.
    func locked<Result>(_ etag: String, waiting: () -> Void, _ body: () throws -> Result) throws -> Result {
        try makeFolder(lockFolder)
        let path = "\(lockFolder)/\(etag).lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw HubError.system(operation: "open", path: path, code: errno) }
        defer { close(descriptor) }
        var hasWaited = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw HubError.system(operation: "lock", path: path, code: errno)
            }
            if !hasWaited { waiting() }
            hasWaited = true
            try Interruption.check()
            usleep(100_000)
        }
        return try body()
    }

    /// Lets a snapshot's file point to a blob.
    ///
    /// - Throws: `HubError.system`.
    func link(_ file: HubFile) throws(HubError) {
        let snapshot = snapshot(file.commit)
        try makeFolder(snapshot)
        let (path, temporary) = ("\(snapshot)/\(file.name)", "\(snapshot)/.\(file.name).\(getpid())")
        unlink(temporary)
        guard symlink("../../blobs/\(file.etag)", temporary) == 0 else {
            throw .system(operation: "make the link", path: temporary, code: errno)
        }
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw .system(operation: "make the link", path: path, code: code)
        }
    }

    /// Says which commit a branch or tag stands for; a commit needs no saying.
    ///
    /// - Throws: `HubError.system`.
    func setReference(_ revision: String, to commit: String) throws(HubError) {
        guard revision != commit else { return }
        let path = "\(folder)/refs/\(revision)"
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        do { try AtomicFile.write(Array(commit.utf8), to: path) } catch {
            guard case .system(_, _, let code) = error else {
                throw .system(operation: "write", path: path, code: EIO)
            }
            throw .system(operation: "write", path: path, code: code)
        }
    }
}
