import EnCodec
import Foundation
import NumericCore

/// The implementations that ours is measured beside, and why those that are missing are missing.
final class Peers {
    /// Versions of their packages.
    private(set) var versions: [String: String] = [:]
    private var reasons: [BenchReport.Engine: String] = [:]
    private let engines: [BenchReport.Engine]
    private let folder: BenchFolder
    private var process: PeerProcess?

    /// Starts the peers' program and loads the model into it.
    ///
    /// - Parameters:
    ///   - engines: Peers wanted; none starts nothing.
    ///   - python: A Python by name or path.
    ///   - model: Folder with config.json and weights.
    ///   - samples: Input of encoding.
    ///   - codes: Input of decoding, one chunk.
    ///   - bandwidthKbps: Bandwidth of encoding.
    ///   - folder: Where files for them may lie.
    /// - Throws: ``CommandError`` when a temporary file cannot be written, `Interruption`.
    init(
        _ engines: [BenchReport.Engine], python: String, model: String, samples: [Float], codes: EncodedAudio,
        bandwidthKbps: Double, folder: BenchFolder
    ) throws {
        (self.engines, self.folder) = (engines, folder)
        guard !engines.isEmpty, let chunk = codes.chunks.first else { return }
        try folder.write(samples, as: "samples.f32")
        try folder.write(chunk.codes.elements, as: "codes.i32")
        do {
            let process = try PeerProcess(python: python, log: folder.url.appendingPathComponent("peer.log"))
            let answer = try process.ask(
                .init(
                    do: "load", folder: model, samples: folder.path("samples.f32"), codes: folder.path("codes.i32"),
                    codebooks: codes.codebookCount, bandwidth: bandwidthKbps, engines: engines.map(\.rawValue),
                    scratch: folder.url.path))
            versions = answer.versions ?? [:]
            for engine in engines {
                reasons[engine] = answer.problems?[engine.rawValue].map { "\($0); \(process.installation)" }
            }
            self.process = process
        } catch let failure as PeerProcess.Failure {
            for engine in engines { reasons[engine] = failure.reason }
        }
    }

    /// Why a peer has no numbers, or nil.
    func reason(_ engine: BenchReport.Engine) -> String? { reasons[engine] }

    /// Peers that work.
    var ready: [BenchReport.Engine] { engines.filter { reasons[$0] == nil } }

    /// Largest resident memory of the peers' process in bytes.
    var peakResidentBytes: Int? {
        process.flatMap { BenchEnvironment.peakResidentBytes(of: "\($0.identifier)") }
    }

    /// Runs one measurement.
    ///
    /// - Returns: Seconds; nil when the peer failed, now or before.
    func run(_ engine: BenchReport.Engine, _ direction: BenchReport.Direction, threads: Int) throws -> Double? {
        try guarded(engine) { process in
            try process.ask(
                .init(do: "run", engine: engine.rawValue, direction: direction.rawValue, threads: threads)
            ).seconds
        }
    }

    /// Compares the results of a peer's last runs with ours.
    func agreement(_ engine: BenchReport.Engine, codes: [Int32], audio: [Float]) throws -> BenchReport.Agreement? {
        try guarded(engine) { process in
            let name = engine.rawValue
            for (direction, file) in [("encode", "\(name).codes"), ("decode", "\(name).audio")] {
                _ = try process.ask(
                    .init(do: "result", engine: name, direction: direction, path: folder.path(file)))
            }
            let theirCodes = try folder.read("\(name).codes", as: Int32(0))
            let theirAudio = try folder.read("\(name).audio", as: Float(0))
            guard theirCodes.count == codes.count, theirAudio.count == audio.count else {
                throw PeerProcess.Failure(
                    reason: "it gives \(theirCodes.count) codes and \(theirAudio.count) samples, ours \(codes.count) "
                        + "and \(audio.count)")
            }
            guard theirAudio.allSatisfy(\.isFinite) else {
                throw PeerProcess.Failure(reason: "its audio is not finite")
            }
            let peak = audio.reduce(0) { max($0, $1.magnitude) }
            let difference = zip(audio, theirAudio).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
            return .init(
                engine: engine, codesCompared: codes.count,
                codesDifferent: zip(codes, theirCodes).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) },
                audioDifferenceToPeak: Double(peak > 0 ? difference / peak : difference))
        }
    }

    private func guarded<Result>(
        _ engine: BenchReport.Engine, _ body: (PeerProcess) throws -> Result?
    ) throws -> Result? {
        guard reasons[engine] == nil, let process else { return nil }
        do { return try body(process) } catch let failure as PeerProcess.Failure {
            reasons[engine] = failure.reason
            return nil
        }
    }
}
