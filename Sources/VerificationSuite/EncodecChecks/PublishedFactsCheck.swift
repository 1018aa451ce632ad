import AudioIO
import EnCodec
public import Foundation
import NumericCore
public import Verification

/// The real `facebook/encodec_24khz` against what its publishers' tests state: codes and error of one utterance.
///
/// Needs the weights in the hub cache and the recording; without either nothing is measured.
public struct PublishedFactsCheck: Check {
    struct Facts: Decodable {
        let source: String
        let codecError: [String: Double]
        let codes24kbpsFirst50: [[Int32]]
    }

    private let facts: URL
    private let recording: URL?
    private let environment: [String: String]

    /// A check over published facts.
    ///
    /// - Parameters:
    ///   - goldens: `GoldenData` of the repository.
    ///   - recording: LibriSpeech 1272-128104-0000 at 16 kHz, or nil where it is not at hand.
    ///   - environment: Says where the hub cache is.
    public init(goldens: URL, recording: URL?, environment: [String: String]) {
        facts = goldens.appendingPathComponent("encodec/published/encodec_24khz.json")
        self.recording = recording
        self.environment = environment
    }

    /// Dotted id.
    public var id: String { "published.encodec24" }

    /// One finding for the codes, one for each bandwidth's error.
    public var plans: [FindingPlan] {
        let source = "Tests of the publishers; \(facts.lastPathComponent) says which"
        let codes = FindingPlan(
            id: "\(id).codes", check: id, phase: 1,
            title: "First codebook of the first 50 frames, facebook/encodec_24khz", unit: "codes differ",
            variant: "codes.differ", direction: .lower, source: source)
        return [codes]
            + Self.bandwidths.map { bandwidth in
                FindingPlan(
                    id: "\(id).error.\(bandwidth)kbps", check: id, phase: 1,
                    title: "Codec error at \(bandwidth) kbps, facebook/encodec_24khz",
                    unit: "relative to the published", variant: "rms.unit_length.relative", direction: .lower,
                    source: source)
            }
    }

    /// Measures the codes and the errors.
    ///
    /// - Parameter record: Takes each finding.
    /// - Throws: `NotMeasurable` without the weights or the recording, and whatever breaks.
    public func run(_ record: (Finding) throws -> Void) throws {
        let (differentCodes, errors) = try measure()
        let plans = plans
        try record(Finding(plans[0], .value(Double(differentCodes)), population: 50, populationUnit: "codes"))
        for (plan, bandwidth) in zip(plans.dropFirst(), Self.bandwidths) {
            let outcome = Finding.Outcome.value(errors[bandwidth] ?? .nan)
            try record(Finding(plan, outcome, population: 1, populationUnit: "recordings"))
        }
    }

    private static let bandwidths = ["1.5", "3.0", "6.0", "12.0", "24.0"]

    private func measure() throws -> (differentCodes: Int, errors: [String: Double]) {
        let files: CodecFiles
        do { files = try CodecFiles.locate("facebook/encodec_24khz", environment: environment) } catch {
            throw NotMeasurable(
                "facebook/encodec_24khz is not in the local hub cache",
                remedy: "put facebook/encodec_24khz into the hub cache and verify again")
        }
        guard let recording, FileManager.default.fileExists(atPath: recording.path) else {
            throw NotMeasurable(
                "the LibriSpeech recording 1272-128104-0000 is not at hand",
                remedy: "pass --recordings with a folder that holds it")
        }
        let facts = try JSONDecoder().decode(Facts.self, from: Data(contentsOf: facts))
        let model = try files.load()
        let samples = try AudioClip.load(path: recording.path, sampleRate: 24000).samples
        let full = try model.encode(samples, bandwidthKbps: 24, threadCount: 2)
        var errors: [String: Double] = [:]
        for bandwidth in Self.bandwidths {
            let kbps = Double(bandwidth) ?? 0
            let kept = full.keeping(codebooks: try model.configuration.codebookCount(forBandwidth: kbps))
            let decoded = try model.decode(kept, threadCount: 2)
            let error = Self.normalizedError(samples, Array(decoded.prefix(samples.count)))
            errors[bandwidth] = (error / (facts.codecError[bandwidth] ?? .nan) - 1).magnitude
        }
        let codes = full.chunks[0].codes
        let different = facts.codes24kbpsFirst50[0].enumerated().count { codes[0, $0] != $1 }
        return (different, errors)
    }

    /// Root mean square difference after dividing each signal by its own length as a vector.
    static func normalizedError(_ x: [Float], _ y: [Float]) -> Double {
        func length(_ values: [Float]) -> Double {
            values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        }
        let (a, b) = (length(x), length(y))
        let sum = zip(x, y).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) / a - Double(pair.1) / b
            return sum + difference * difference
        }
        return (sum / Double(x.count)).squareRoot()
    }
}
