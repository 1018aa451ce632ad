import NumericCore

/// Why a codec could not be fetched.
///
/// Addresses in the texts are without user, password and query, which may hold secrets.
enum HubError: Error, Equatable {
    /// The request is impossible as it stands.
    case usage(String)
    /// The hub has no such repository or revision, or does not show it.
    case noRepository(id: String, revision: String, endpoint: String)
    /// The repository exists and lacks a file.
    case noFile(String, id: String, revision: String)
    /// The repository is private or asks for consent.
    case refused(id: String, endpoint: String, token: HubSettings.TokenUse)
    /// An answer that no hub gives.
    case notAHub(address: String, problem: String)
    /// A status that says nothing about the repository.
    case status(Int, address: String)
    /// Nothing can be had from the other side.
    case unreachable(address: String, reason: String)
    /// The other side fell silent.
    case silent(address: String, seconds: Double)
    /// One redirect too many, or to where none may lead.
    case badRedirect(address: String, problem: String)
    /// A connection that ends early each time.
    case cutOff(file: String, have: Int, of: Int)
    /// The file that came has another length than was announced.
    case wrongSize(file: String, announced: Int, found: Int)
    /// The file that came is not the one that was announced.
    case wrongDigest(file: String, announced: String, found: String)
    /// The file cannot be stored.
    case diskFull(folder: String, needed: Int, free: Int)
    /// A system call failed; `code` is `errno`.
    case system(operation: String, path: String, code: Int32)
}

extension HubError: CustomStringConvertible {
    /// One sentence: what, which value, what to do.
    var description: String {
        switch self {
        case .usage(let text): text
        case .noRepository(let id, let revision, let endpoint):
            "\(endpoint) has no repository '\(id)' with a revision '\(revision)'; check the spelling, "
                + "the publishers' models are facebook/encodec_24khz and facebook/encodec_48khz"
        case .noFile(let name, let id, let revision):
            "'\(id)' has no \(name) at revision '\(revision)'; give a repository made with Hugging Face transformers"
        case .refused(let id, let endpoint, let token): "\(endpoint) does not show '\(id)': \(remedy(token))"
        case .notAHub(let address, let problem):
            "the answer of \(address) is not a Hugging Face hub's: \(problem); check HF_ENDPOINT and the proxy"
        case .status(407, let address):
            "the proxy on the way to \(address) wants a name and a password; put them into HTTPS_PROXY"
        case .status(let code, let address): "\(address) answered with status \(code); try again later"
        case .unreachable(let address, let reason):
            "cannot reach \(address): \(reason); check the network, HF_ENDPOINT, HTTPS_PROXY and NO_PROXY"
        case .silent(let address, let seconds):
            "nothing came from \(address) for \(Text.plain(seconds)) s; run the same command again to continue, "
                + "or give a longer --timeout"
        case .badRedirect(let address, let problem): "\(address) \(problem); check HF_ENDPOINT and the proxy"
        case .cutOff(let file, let have, let total):
            "the connection broke at byte \(have) of \(total) of \(file); run the same command again to continue there"
        case .wrongSize(let file, let announced, let found):
            "\(file) has \(found) bytes where the hub announced \(announced); it was removed, run the same command again"
        case .wrongDigest(let file, let announced, let found):
            "\(file) has SHA-256 \(found.prefix(12)) where the hub announced \(announced.prefix(12)); "
                + "it was removed, run the same command again"
        case .diskFull(let folder, let needed, let free):
            "no room in '\(folder)': \(needed) bytes are still to come and \(free) are free; "
                + "make room or set HF_HOME to a folder on another disk, then run the same command again"
        case .system(let operation, let path, let code):
            "cannot \(operation) '\(path)': \(systemMessage(code)); check the disk and the permissions"
        }
    }

    private func remedy(_ token: HubSettings.TokenUse) -> String {
        switch token {
        case .none:
            "it does not exist, or is private or gated; check the spelling, or set HF_TOKEN to a token that may read it"
        case .withheld: "HF_TOKEN is set but goes over https or to this machine only; give an https HF_ENDPOINT"
        case .sent: "the token in HF_TOKEN may not read it; accept the model's terms on its page or use another token"
        }
    }
}

extension HubError {
    /// The exit status.
    var status: Failure.Status {
        switch self {
        case .usage: .usage
        case .noRepository, .noFile, .refused: .noInput
        case .notAHub, .wrongSize, .wrongDigest: .badData
        case .status, .unreachable, .silent, .badRedirect, .cutOff, .diskFull, .system: .inputOutput
        }
    }
}
