internal import Foundation
internal import Verification

/// What became of the design document's calls when a program ran them against the Python packages.
struct RecordedCalls: Decodable {
    struct Call: Decodable {
        let package: String
        let step: String
        let outcome: String
        let detail: String

        /// Anything but the word that says so is no success.
        var works: Bool { outcome == "works" }
    }

    let versions: [String: String]
    let calls: [Call]

    init(_ goldens: URL) throws {
        let url = goldens.appendingPathComponent("api/calls.json")
        do { self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url)) } catch {
            throw GoldenError.badManifest(path: url.path, reason: "\(error)")
        }
    }
}

extension ClaimsAudit {
    /// Read from a golden: this package runs no Python.
    var calls: Claim {
        Claim(
            number: 12, name: "api", phase: 1, text: "the calls to the codec's Python package work as written",
            unit: "1 if it fails", variant: "api.failing_calls", direction: .lower,
            advice:
                "name the bandwidth when encoding, and decode (chunks, batch, codebooks, frames) with a list of scales"
        ) {
            guard let goldens else {
                throw NotMeasurable("no goldens are at hand", remedy: "run from the repository's top folder")
            }
            let recorded = try RecordedCalls(goldens)
            // The document imports transformers; the other package only shows where its calls may come from.
            let asked = recorded.calls.filter { $0.package != "encodec" }
            let versions = recorded.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let failures = asked.filter { !$0.works }.map { "\($0.step): \($0.detail)" }
            let other = recorded.calls.filter { $0.package == "encodec" }
            return .init(
                parts: asked.map { .init(name: $0.step, value: $0.works ? 0 : 1, line: 0) }, population: asked.count,
                populationUnit: "calls",
                detail:
                    "run with \(versions.joined(separator: ", ")); \(failures.joined(separator: "; ")); with encodec "
                    + "\(other.count { $0.works }) of \(other.count) work")
        }
    }
}
