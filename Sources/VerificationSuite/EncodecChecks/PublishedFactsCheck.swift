import AudioIO
import EnCodec
public import Foundation
import NumericCore
public import Verification

/// The real `facebook/encodec_24khz` against what its publishers' tests state: codes and error of one utterance.
///
/// Needs the weights in the hub cache and the recording; without either the checks are not measured.
public struct PublishedFactsCheck {
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

    /// Runs the checks.
    ///
    /// - Returns: One result for the codes, one for each bandwidth's error.
    public func run() -> [CheckResult] {
        let measured = Result { try measure() }
        return Self.bandwidths.reduce(into: [codesResult(measured.map(\.differentCodes))]) { results, bandwidth in
            results.append(errorResult(bandwidth, measured.map { $0.errors[bandwidth] ?? .nan }))
        }
    }

    private static let bandwidths = ["1.5", "3.0", "6.0", "12.0", "24.0"]

    private struct NotHere: Error {
        let reason: String
    }

    private func measure() throws -> (differentCodes: Int, errors: [String: Double]) {
        let files: CodecFiles
        do { files = try CodecFiles.locate("facebook/encodec_24khz", environment: environment) } catch {
            throw NotHere(reason: "facebook/encodec_24khz is not in the local hub cache")
        }
        guard let recording, FileManager.default.fileExists(atPath: recording.path) else {
            throw NotHere(reason: "the LibriSpeech recording 1272-128104-0000 is not at hand")
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

    private func measurement(_ value: Result<Double, any Error>) -> CheckOutcome {
        switch value {
        case .success(let number): .value(number)
        case .failure(let error as NotHere): .notMeasured(reason: error.reason)
        case .failure(let error): .failed(reason: "\(error)")
        }
    }

    private func codesResult(_ value: Result<Int, any Error>) -> CheckResult {
        let measurement = measurement(value.map { Double($0) })
        return CheckResult(
            id: "encodec.published.codes", phase: 1,
            title: "First codebook of the first 50 frames, facebook/encodec_24khz", measurement: measurement,
            unit: "codes differ", bound: 5, population: measurement.isValue ? 50 : 0,
            note: "The publishers' resampler to 24 kHz is not stated and may flip near-ties; "
                + "another codec agrees on 1 code in 1024")
    }

    private func errorResult(_ bandwidth: String, _ value: Result<Double, any Error>) -> CheckResult {
        let measurement = measurement(value)
        return CheckResult(
            id: "encodec.published.error.\(bandwidth)kbps", phase: 1,
            title: "Codec error at \(bandwidth) kbps, facebook/encodec_24khz", measurement: measurement,
            unit: "relative to the published", bound: 0.01, population: measurement.isValue ? 1 : 0,
            note:
                "Two good resamplers differ by less than -60 dB, 0.2 % of the smallest error; 1 % leaves room for flips"
        )
    }
}

extension CheckOutcome {
    /// Whether there is a number.
    var isValue: Bool { if case .value = self { true } else { false } }
}
