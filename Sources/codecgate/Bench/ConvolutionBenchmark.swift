import FeaturePipeline
import Foundation
import NumericCore

/// Convolution with the haemodynamic response beside SciPy's, same input, in one run; also for wider benchmarks to call.
final class ConvolutionBenchmark {
    /// What is timed.
    enum Engine: String, CaseIterable, Encodable {
        case ours, convolve, ndimage

        var title: String {
            switch self {
            case .ours: "ours"
            case .convolve: "scipy.signal.convolve, a call a column"
            case .ndimage: "scipy.ndimage.convolve1d, one call"
            }
        }
    }

    /// The times of one engine with so many threads.
    struct Row: Encodable {
        let engine: Engine
        let threads: Int
        var seconds: [Double] = []
        /// nil when not measured.
        var medianSeconds: Double?
        /// Bytes of the array, read once and written once, per second of the median.
        var bytesPerSecond: Double?
        /// This engine's median over ours at as many threads.
        var oursIsFasterBy: Double?
        var notMeasured: String?
    }

    /// The largest difference between our result and a peer's, over the largest magnitude of ours.
    struct Agreement: Encodable {
        let engine: Engine
        let differenceToPeak: Double
    }

    let rowCount: Int
    let columnCount: Int
    private(set) var versions: [String: String] = [:]
    private(set) var agreements: [Agreement] = []
    private let convolution: TRConvolution
    private let folder: BenchFolder

    /// A benchmark of the default response on so many TRs of so many values.
    init(rowCount: Int, columnCount: Int) throws {
        (self.rowCount, self.columnCount) = (rowCount, columnCount)
        convolution = TRConvolution(try HemodynamicResponse())
        folder = try BenchFolder()
    }

    /// Measures every engine with every number of threads, one after the other so often.
    ///
    /// - Parameters:
    ///   - threadCounts: Numbers of threads.
    ///   - repeats: Measurements of each; ours are convolved again and again in place.
    ///   - peerRepeats: Measurements of each peer; nil takes as many.
    ///   - python: Python that runs SciPy; nil measures ours alone.
    /// - Returns: A row an engine and number of threads.
    /// - Throws: `Interruption`, or ``CommandError`` when a temporary file cannot be written.
    func run(
        threadCounts: [Int], repeats: Int, peerRepeats: Int? = nil, python: String?
    ) throws -> [Row] {
        var features = Self.features(rowCount, columnCount)
        let peer = try python.map { try Peer(self, features, python: $0) }
        try convolution.convolve(&features, threadCount: threadCounts.max() ?? 1)
        var rows = threadCounts.flatMap { threads in
            Engine.allCases.filter { $0 == .ours || peer != nil }.map { Row(engine: $0, threads: threads) }
        }
        if let peer { try compare(features, with: peer, threads: threadCounts.max() ?? 1) }
        for repetition in 0..<repeats {
            for index in rows.indices where rows[index].notMeasured == nil {
                try Interruption.check()
                switch (rows[index].engine, peer) {
                case (.ours, _):
                    let threads = rows[index].threads
                    let convolution = convolution
                    rows[index].seconds.append(
                        try ContinuousClock().measure { try convolution.convolve(&features, threadCount: threads) }
                            .inSeconds)
                case (let engine, .some(let peer)):
                    if repetition < peerRepeats ?? repeats { try peer.time(engine, &rows[index]) }
                case (_, nil): break
                }
            }
        }
        return summarized(rows)
    }

    private func compare(_ ours: Tensor<Float>, with peer: Peer, threads: Int) throws {
        let peak = ours.elements.reduce(0) { max($0, $1.magnitude) }
        for engine in [Engine.convolve, .ndimage] {
            guard let theirs = try peer.result(engine, threads: threads), theirs.count == ours.count else { continue }
            let difference = zip(ours.elements, theirs).reduce(Float(0)) { max($0, ($1.0 - $1.1).magnitude) }
            agreements.append(
                .init(engine: engine, differenceToPeak: Double(difference / max(peak, .leastNonzeroMagnitude))))
        }
        versions = peer.versions
    }

    private func summarized(_ rows: [Row]) -> [Row] {
        var rows = rows
        for index in rows.indices {
            guard let median = rows[index].seconds.median else { continue }
            rows[index].medianSeconds = median
            rows[index].bytesPerSecond = Double(8 * rowCount * columnCount) / median
        }
        for index in rows.indices where rows[index].engine != .ours {
            let ours = rows.first { $0.engine == .ours && $0.threads == rows[index].threads }?.medianSeconds
            if let ours, let theirs = rows[index].medianSeconds { rows[index].oursIsFasterBy = theirs / ours }
        }
        return rows
    }

    private static func features(_ rowCount: Int, _ columnCount: Int) -> Tensor<Float> {
        var generator = SplitMix64(seed: 1)
        return Tensor(
            (0..<rowCount * columnCount).map { _ in Float(generator.next() >> 40) * 0x1p-23 - 1 },
            shape: [rowCount, columnCount])
    }

    /// SciPy in a Python process.
    private final class Peer {
        private(set) var versions: [String: String] = [:]
        private var process: PeerProcess?
        private var reason = ""
        private let folder: BenchFolder

        init(_ benchmark: ConvolutionBenchmark, _ features: Tensor<Float>, python: String) throws {
            folder = benchmark.folder
            try folder.write(features.elements, as: "features.f32")
            do {
                let process = try PeerProcess(
                    .convolution, python: python, log: folder.url.appendingPathComponent("peer.log"))
                versions =
                    try process.ask(
                        .init(
                            do: "load", samples: folder.path("features.f32"), rows: benchmark.rowCount,
                            columns: benchmark.columnCount, taps: benchmark.convolution.response.taps)
                    ).versions ?? [:]
                self.process = process
            } catch let failure as PeerProcess.Failure { reason = failure.reason }
        }

        /// Adds one measurement, or why there is none.
        func time(_ engine: Engine, _ row: inout Row) throws {
            guard let process else { return row.notMeasured = reason }
            do {
                let answer = try process.ask(.init(do: "run", engine: engine.rawValue, threads: row.threads))
                if let seconds = answer.seconds { row.seconds.append(seconds) }
            } catch let failure as PeerProcess.Failure { row.notMeasured = failure.reason }
        }

        /// What an engine computes; nil when it cannot.
        func result(_ engine: Engine, threads: Int) throws -> [Float]? {
            guard let process else { return nil }
            do {
                _ = try process.ask(.init(do: "run", engine: engine.rawValue, threads: threads))
                _ = try process.ask(.init(do: "result", path: folder.path("result.f32")))
                return try folder.read("result.f32", as: Float(0))
            } catch is PeerProcess.Failure { return nil }
        }
    }
}
