import Foundation
import NumericCore
import SignalProcessing

/// The legacy mel path beside librosa's: same signal, one thread, in one run.
final class MelPathBenchmark {
    /// What is timed.
    enum Stage: String, CaseIterable, Encodable {
        case mel, nnls, griffinlim

        var title: String {
            switch self {
            case .mel: "mel power in dB"
            case .nnls: "least squares to magnitudes"
            case .griffinlim: "Griffin-Lim, 32 iterations"
            }
        }

        /// What `ourError` of a row is.
        var errorName: String {
            switch self {
            case .mel: "largest difference between the two in dB"
            case .nnls: "residual over the mel power"
            case .griffinlim: "spectral convergence"
            }
        }
    }

    private let samples: [Float]
    private let mel = MelSpectrogram(.legacy)
    private let inversion: MelInversion
    private let griffinLim: GriffinLim
    private let melPower: Tensor<Float>
    private let magnitudes: Tensor<Float>
    private let folder: BenchFolder
    private(set) var versions: [String: String] = [:]

    /// Computes what the later stages start from.
    ///
    /// - Parameter samples: One channel at 22,050 Hz.
    /// - Throws: `SignalError`; ``CommandError`` when the temporary folder cannot be made.
    init(samples: [Float]) throws {
        self.samples = samples
        inversion = try MelInversion(mel.filterBank)
        griffinLim = try GriffinLim(.legacy)
        melPower = try mel.power(of: samples)
        magnitudes = try Self.magnitudes(of: samples)
        folder = try BenchFolder()
    }

    /// Measures every stage so often, ours and librosa's in turn.
    ///
    /// - Parameters:
    ///   - repeats: Measurements of each; librosa's least squares, which take minutes, once.
    ///   - python: Python that runs librosa; nil measures ours alone.
    /// - Returns: A row a stage.
    /// - Throws: `Interruption`, or ``CommandError`` when a temporary file cannot be written.
    func run(repeats: Int, python: String?) throws -> [PipelineBenchReport.Row] {
        let peer = try python.map { try Peer(samples, folder: folder, python: $0) }
        versions = peer?.versions ?? [:]
        return try Stage.allCases.map { stage in
            var row = PipelineBenchReport.Row(
                stage: stage.rawValue, title: stage.title, errorName: stage.errorName, peer: "librosa",
                soundSeconds: Double(samples.count) / 22_050)
            var ours = try compute(stage)
            for index in 0..<repeats {
                try Interruption.check()
                let clock = ContinuousClock()
                let start = clock.now
                ours = try compute(stage)
                row.ourSeconds.append((clock.now - start).inSeconds)
                if stage != .nnls || index == 0 { try peer?.time(stage, &row) }
            }
            try judge(stage, &row, ours: ours, theirs: peer?.result(stage))
            return row
        }
    }

    private func compute(_ stage: Stage) throws(SignalError) -> [Float] {
        switch stage {
        case .mel:
            var power = try mel.power(of: samples)
            try DecibelScale.legacy.convert(&power)
            return power.elements
        case .nnls: return try inversion.magnitudes(of: melPower).elements
        case .griffinlim: return try griffinLim.signal(of: magnitudes, phases: .numpy(seed: 0))
        }
    }

    private func judge(
        _ stage: Stage, _ row: inout PipelineBenchReport.Row, ours: [Float], theirs: [Float]?
    ) throws {
        switch stage {
        case .mel:
            guard let theirs, theirs.count == ours.count else { return }
            row.ourError = Double(zip(ours, theirs).reduce(Float(0)) { max($0, ($1.0 - $1.1).magnitude) })
        case .nnls:
            let filters = SparseFilters(mel.filterBank)
            row.ourError = filters.residual(ours, melPower: melPower)
            row.peerError = theirs.map { filters.residual($0, melPower: melPower) }
        case .griffinlim:
            row.ourError = try convergence(ours)
            row.peerError = try theirs.map { try convergence($0) }
        }
    }

    /// Distance of a signal's magnitudes from those it was made for, over their norm.
    private func convergence(_ signal: [Float]) throws -> Double {
        let found = try Self.magnitudes(of: signal)
        let count = min(found.count, magnitudes.count)
        var (difference, norm) = (0.0, 0.0)
        for index in 0..<count {
            let (a, b) = (Double(found.elements[index]), Double(magnitudes.elements[index]))
            difference += (a - b) * (a - b)
            norm += b * b
        }
        return (difference / norm).squareRoot()
    }

    private static func magnitudes(of signal: [Float]) throws(SignalError) -> Tensor<Float> {
        let spectrogram = try ShortTimeFourierTransform(.legacy).forward(signal)
        let values = spectrogram.values
        let magnitudes = (0..<values.count / 2).map { index in
            let (re, im) = (values[2 * index], values[2 * index + 1])
            return (re * re + im * im).squareRoot()
        }
        return Tensor(magnitudes, shape: [spectrogram.frameCount, spectrogram.binCount])
    }

    /// The filters' weights without zeros, for judging magnitudes by plain sums.
    private struct SparseFilters {
        private let weights: [[(bin: Int, weight: Double)]]
        private let binCount: Int

        init(_ bank: MelFilterBank) {
            binCount = bank.spectrumBinCount
            weights = (0..<bank.melBinCount).map { filter in
                (0..<bank.spectrumBinCount).compactMap { bin in
                    let weight = bank.weight(filter: filter, bin: bin)
                    return weight == 0 ? nil : (bin, Double(weight))
                }
            }
        }

        func residual(_ magnitudes: [Float], melPower: Tensor<Float>) -> Double {
            guard magnitudes.count == melPower.shape[0] * binCount else { return .nan }
            var (difference, norm) = (0.0, 0.0)
            for frame in 0..<melPower.shape[0] {
                for (filter, row) in weights.enumerated() {
                    let sum = row.reduce(0.0) { sum, pair in
                        let magnitude = Double(magnitudes[frame * binCount + pair.bin])
                        return sum + pair.weight * magnitude * magnitude
                    }
                    let wanted = Double(melPower[frame, filter])
                    difference += (sum - wanted) * (sum - wanted)
                    norm += wanted * wanted
                }
            }
            return (difference / norm).squareRoot()
        }
    }

    /// librosa in a Python process.
    private final class Peer {
        private(set) var versions: [String: String] = [:]
        private var process: PeerProcess?
        private var reason = ""
        private let folder: BenchFolder

        init(_ samples: [Float], folder: BenchFolder, python: String) throws {
            self.folder = folder
            try folder.write(samples, as: "signal.f32")
            do {
                let process = try PeerProcess(
                    .signal, python: python, log: folder.url.appendingPathComponent("peer.log"))
                versions = try process.ask(.init(do: "load", samples: folder.path("signal.f32"))).versions ?? [:]
                self.process = process
            } catch let failure as PeerProcess.Failure { reason = failure.reason }
        }

        /// Adds one measurement, or why there is none.
        func time(_ stage: Stage, _ row: inout PipelineBenchReport.Row) throws {
            guard row.notMeasured == nil else { return }
            guard let process else { return row.notMeasured = reason }
            do {
                let answer = try process.ask(.init(do: "run", engine: stage.rawValue, threads: 1))
                if let seconds = answer.seconds { row.peerSeconds.append(seconds) }
            } catch let failure as PeerProcess.Failure { row.notMeasured = failure.reason }
        }

        /// What librosa computed last; nil when it could not.
        func result(_ stage: Stage) throws -> [Float]? {
            guard let process else { return nil }
            do {
                _ = try process.ask(.init(do: "result", engine: stage.rawValue, path: folder.path("result.f32")))
                return try folder.read("result.f32", as: Float(0))
            } catch is PeerProcess.Failure { return nil }
        }
    }
}
