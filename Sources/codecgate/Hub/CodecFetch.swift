import EnCodec
import Foundation

/// Brings a codec from a hub into the hub cache, so that `--codec ID` and Hugging Face's programs find it.
struct CodecFetch {
    /// What became of one file.
    struct File: Encodable {
        let name: String
        let bytes: Int
        let fetchedBytes: Int
        let status: HubDownload.Outcome
        let sha256: String?
    }

    /// What became of the codec.
    struct Result: Encodable {
        let codec: String
        let commit: String
        let endpoint: String
        let files: [File]
        let revision: String
        let snapshot: String
    }

    private let id: String
    private let revision: String
    private let client: HubClient
    private let cache: HubCache
    private let isQuiet: Bool

    /// - Parameters:
    ///   - id: A repository, `organisation/name`.
    ///   - revision: A branch, tag or commit.
    ///   - client: The hub.
    ///   - isQuiet: Shows neither progress nor that another process is waited for.
    /// - Throws: `HubError.usage`.
    init(id: String, revision: String, client: HubClient, isQuiet: Bool) throws(HubError) {
        guard Self.isIdentifier(id) else {
            throw .usage("'\(id)' is not a Hugging Face id; give organisation/name, such as facebook/encodec_24khz")
        }
        let isPath = revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            !["", ".", ".."].contains($0)
        }
        guard isPath, !revision.utf8.contains(0) else {
            throw .usage("'\(revision)' is not a revision; give a branch, a tag or a commit")
        }
        self.id = id
        self.revision = revision
        self.client = client
        self.isQuiet = isQuiet
        cache = HubCache(cache: client.settings.cache, id: id)
    }

    /// Whether a text has the form `organisation/name`.
    static func isIdentifier(_ id: String) -> Bool {
        let parts = id.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                let isName = part.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                    default: false
                    }
                }
                return isName && (1...96).contains(part.count) && !part.hasPrefix(".") && !part.contains("--")
            }
    }

    /// Fetches configuration, weights and preprocessor settings; the snapshot appears when all are there.
    ///
    /// - Returns: What was done.
    /// - Throws: `HubError`, `EncodecError` when the repository is no EnCodec model, `Interruption`.
    func run() throws -> Result {
        let configuration = try required("config.json", at: revision, isKnown: false)
        guard configuration.size <= 1 << 20 else {
            throw HubError.wrongSize(file: configuration.name, announced: 1 << 20, found: configuration.size)
        }
        let commit = configuration.commit
        var done = [(configuration, try fetch(configuration))]
        // Before a large file is fetched, the small one says whether it is wanted.
        _ = try EncodecConfiguration(path: cache.blob(configuration.etag))
        for file in [try weights(at: commit), try optional("preprocessor_config.json", at: commit)].compactMap(\.self) {
            guard file.commit == commit else {
                throw HubError.notAHub(
                    address: client.settings.endpoint.plainAddress,
                    problem: "commit \(commit) was asked for and \(file.commit) came")
            }
            done.append((file, try fetch(file)))
        }
        for (file, _) in done { try cache.link(file) }
        try cache.setReference(revision, to: commit)
        return Result(
            codec: id, commit: commit, endpoint: client.settings.endpoint.plainAddress, files: done.map(\.1),
            revision: revision, snapshot: cache.snapshot(commit))
    }

    private func weights(at commit: String) throws -> HubFile {
        if let safe = try optional("model.safetensors", at: commit) { return safe }
        if let torch = try optional("pytorch_model.bin", at: commit) { return torch }
        throw HubError.noFile("model.safetensors or pytorch_model.bin", id: id, revision: revision)
    }

    private func optional(_ name: String, at revision: String) throws -> HubFile? {
        try client.file(name, id: id, revision: revision, isKnown: true)
    }

    private func required(_ name: String, at revision: String, isKnown: Bool) throws -> HubFile {
        guard let file = try client.file(name, id: id, revision: revision, isKnown: isKnown) else {
            throw HubError.noFile(name, id: id, revision: revision)
        }
        return file
    }

    private func fetch(_ file: HubFile) throws -> File {
        try cache.makeFolder(cache.folder + "/blobs")
        let bar = ProgressBar("fetch \(file.name)", totalSeconds: nil, isQuiet: isQuiet)
        let download = HubDownload(client: client, cache: cache, id: id, file: file) {
            bar.update($0 / 1_000_000, of: file.size / 1_000_000, unit: "MB")
        }
        let waiting = {
            if !isQuiet { StandardStreams.error("Another process fetches \(file.name); waiting for it.\n") }
        }
        let (outcome, count) = try cache.locked(file.etag, waiting: waiting) { try download.run() }
        return File(
            name: file.name, bytes: file.size, fetchedBytes: count, status: outcome, sha256: file.digest)
    }
}
