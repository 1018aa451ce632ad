import EnCodec
import Foundation

/// Which codecs there are, and whether they can be used.
enum CodecDiagnoses {
    /// - Parameter environment: Says where the hub cache is.
    /// - Returns: The embedded codec, the cache, and each codec in it.
    static func all(environment: [String: String]) -> [Diagnosis] {
        let cache = CodecFiles.hubCache(environment: environment)
        let ids = CodecFiles.idsInHubCache(environment: environment)
        let found = ids.map { cached($0, environment) }
        let none = Diagnosis.note(
            "hub cache", "no codec in '\(cache)'", "run codecgate codec fetch facebook/encodec_24khz, or work with mini"
        )
        return [embedded()] + (ids.isEmpty ? [none] : [.ok("hub cache", "'\(cache)'")] + found) + unfinished(cache)
    }

    private static func embedded() -> Diagnosis {
        do {
            // Finding it compares the weights with the digest that was stored with them.
            let files = try CodecFiles.locate(CodecFiles.embeddedName)
            return .ok("codec mini", "embedded, SHA-256 \(try files.weightsDigest())")
        } catch { return .problem("codec mini", without(full: "\(error)"), "build the package again") }
    }

    private static func cached(_ id: String, _ environment: [String: String]) -> Diagnosis {
        let remedy = "run codecgate codec fetch \(id)"
        do {
            let files = try CodecFiles.locate(id, environment: environment)
            _ = try files.load()
            return .ok("codec \(id)", "complete, '\(files.weightsPath)'")
        } catch { return .note("codec \(id)", without(full: "\(error)"), remedy) }
    }

    /// Repositories without a snapshot whose blobs are still growing: fetches that were interrupted.
    private static func unfinished(_ cache: String) -> [Diagnosis] {
        names(in: cache).filter { $0.hasPrefix("models--") }.compactMap { name in
            let model = "\(cache)/\(name)"
            let partial = names(in: model + "/blobs").filter { $0.hasSuffix(".incomplete") }
            guard let first = partial.first, names(in: model + "/snapshots").isEmpty else { return nil }
            let id = name.dropFirst("models--".count).replacing("--", with: "/", maxReplacements: 1)
            return .note(
                "codec \(id)", "not complete, '\(model)/blobs/\(first)' is left of an earlier fetch",
                "run codecgate codec fetch \(id) to continue")
        }
    }

    /// Names in a folder, sorted; a folder that cannot be read has none, which the findings then say.
    private static func names(in folder: String) -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch { return [] }
    }

    /// A sentence without its full stop, so that the remedy can follow.
    private static func without(full sentence: String) -> String {
        sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    }
}
