/// What the hub says about one file of a repository.
struct HubFile {
    /// The name inside the repository.
    let name: String
    /// The commit, 40 hexadecimal digits.
    let commit: String
    /// The name of the blob in the cache.
    let etag: String
    /// Bytes.
    let size: Int

    /// The file's SHA-256; nil for small files, which the hub names by git's hash.
    var digest: String? { etag.count == 64 && etag.allSatisfy(\.isHexDigit) ? etag.lowercased() : nil }
}

extension HubClient {
    /// Asks for a file's commit, name and size.
    ///
    /// - Parameters:
    ///   - name: A file at the top of the repository.
    ///   - id: A checked repository id.
    ///   - revision: A branch, tag or commit.
    ///   - isKnown: The repository has shown another file, so that every 404 is about this one.
    /// - Returns: nil when the repository is there and the file is not.
    /// - Throws: `HubError`, `Interruption`.
    func file(_ name: String, id: String, revision: String, isKnown: Bool) throws -> HubFile? {
        let address = try settings.address(of: name, id: id, revision: revision)
        let answer = try send(
            "HEAD", to: address, isFinal: { $0["X-Linked-Etag"] != nil && $0["X-Repo-Commit"] != nil })
        let head = answer.head
        switch (head.status, head["X-Error-Code"]) {
        case (200, _), (300..<400, _): return try described(name, head, address: answer.url.plainAddress)
        case (404, "EntryNotFound"): return nil
        case (_, "GatedRepo"), (401, _), (403, _):
            throw HubError.refused(id: id, endpoint: settings.endpoint.plainAddress, token: settings.tokenUse)
        case (404, _) where isKnown: return nil
        case (404, _):
            throw HubError.noRepository(id: id, revision: revision, endpoint: settings.endpoint.plainAddress)
        default: throw HubError.status(head.status, address: answer.url.plainAddress)
        }
    }

    private func described(_ name: String, _ head: HTTPHead, address: String) throws(HubError) -> HubFile {
        func bad(_ problem: String) -> HubError { .notAHub(address: address, problem: problem) }
        guard let commit = head["X-Repo-Commit"], commit.count == 40, commit.allSatisfy(\.isHexDigit) else {
            throw bad("it has no header X-Repo-Commit with a commit")
        }
        guard let etag = Self.normalized(head["X-Linked-Etag"] ?? head["ETag"] ?? "") else {
            throw bad("it has no usable ETag")
        }
        guard let size = (head["X-Linked-Size"] ?? head["Content-Length"]).flatMap({ Int($0) }), size >= 0 else {
            throw bad("it does not say how long \(name) is")
        }
        return HubFile(name: name, commit: commit.lowercased(), etag: etag, size: size)
    }

    /// An ETag without quotes and weakness mark; nil when it cannot be a file's name.
    static func normalized(_ etag: String) -> String? {
        let strong = etag.hasPrefix("W/") ? etag.dropFirst(2) : etag[...]
        let bare = strong.filter { $0 != "\"" }
        let isName = bare.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        return isName && (1...128).contains(bare.count) && !bare.hasPrefix(".") ? bare : nil
    }
}
