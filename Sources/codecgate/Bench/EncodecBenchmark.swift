import EnCodec
import NumericCore

/// Measures encoding and decoding, ours and the peers' in turn.
final class EncodecBenchmark {
    private struct Case: Hashable {
        let engine: BenchReport.Engine
        let direction: BenchReport.Direction
        let threads: Int
    }

    private let model: EncodecModel
    private let samples: [Float]
    private let bandwidthKbps: Double
    private let threadCounts: [Int]
    private let codes: EncodedAudio
    private let audio: [Float]
    private var times: [Case: [Double]] = [:]
    private var limits: [Int: [MachineLimit]] = [:]
    /// Peak resident memory of our own runs in bytes.
    private(set) var peakResidentBytes = 0

    /// Runs ours once, which is its warm-up and gives the results to compare with.
    init(model: EncodecModel, samples: [Float], bandwidthKbps: Double, threadCounts: [Int]) throws {
        (self.model, self.samples, self.bandwidthKbps) = (model, samples, bandwidthKbps)
        self.threadCounts = threadCounts
        BenchEnvironment.forgetPeakMemory()
        codes = try model.encode(samples, bandwidthKbps: bandwidthKbps, threadCount: threadCounts.max() ?? 1)
        audio = try model.decode(codes, threadCount: threadCounts.max() ?? 1)
    }

    /// The codes of the warm-up.
    var warmUpCodes: EncodedAudio { codes }

    /// Measures everything `repeats` times, in rounds in which each implementation has its turn.
    ///
    /// One number of threads after the other: what the peers keep for each is too large to keep for all.
    func run(repeats: Int, peers: Peers) throws {
        for threads in threadCounts {
            for engine in peers.ready {
                for direction in Self.directions { _ = try peers.run(engine, direction, threads: threads) }
            }
            for _ in 0..<repeats { try runRound(threads: threads, peers: peers) }
        }
        peakResidentBytes = BenchEnvironment.peakResidentBytes(of: "self") ?? 0
    }

    private func runRound(threads: Int, peers: Peers) throws {
        for direction in Self.directions {
            limits[threads, default: []].append(MachineLimit.measure(threads: threads))
            try record(Case(engine: .ours, direction: direction, threads: threads), ours(direction, threads))
            for engine in peers.ready {
                let seconds = try peers.run(engine, direction, threads: threads)
                try record(Case(engine: engine, direction: direction, threads: threads), seconds)
            }
        }
    }

    private static let directions: [BenchReport.Direction] = [.encode, .decode]

    private func record(_ measured: Case, _ seconds: Double?) throws {
        try Interruption.check()
        if let seconds { times[measured, default: []].append(seconds) }
    }

    private func ours(_ direction: BenchReport.Direction, _ threads: Int) throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        switch direction {
        case .encode:
            let again = try model.encode(samples, bandwidthKbps: bandwidthKbps, threadCount: threads)
            precondition(again == codes, "codes differ between two runs")
        case .decode:
            var count = 0
            try model.decode(codes, threadCount: threads) { count += $0.count }
            precondition(count == audio.count, "\(count) samples were decoded, then \(audio.count)")
        }
        return (clock.now - start).inSeconds
    }

    /// How the peers' results compare with ours; a peer that fails here gives none and a reason.
    func agreement(_ peers: Peers) throws -> [BenchReport.Agreement] {
        try peers.ready.compactMap { engine in
            try peers.agreement(engine, codes: codes.chunks[0].codes.elements, audio: audio)
        }
    }

    /// Limits by number of threads: the best of the run, because a limit is what cannot be passed.
    var machineLimits: [BenchReport.Limit] {
        threadCounts.map { threads in
            let measured = limits[threads] ?? []
            let operations = measured.map(\.operationsPerSecond).max() ?? .nan
            let bytes = measured.map(\.cacheBytesPerSecond).max() ?? .nan
            func rate(_ work: CodecWork) -> Double {
                1 / work.leastSeconds(operationsPerSecond: operations, bytesPerSecond: bytes)
            }
            return .init(
                threads: threads, gigaOperationsPerSecond: operations / 1e9, cacheGigabytesPerSecond: bytes / 1e9,
                encodeTimesRealTime: rate(model.configuration.encodingWork),
                decodeTimesRealTime: rate(model.configuration.decodingWork))
        }
    }

    /// Every measurement with its ratios.
    func rows(engines: [BenchReport.Engine], peers: Peers) -> [BenchReport.Row] {
        let limits = machineLimits
        let duration = Double(samples.count) / Double(model.configuration.samplingRate)
        return Self.directions.flatMap { direction in
            limits.flatMap { limit in
                ([.ours] + engines).map { engine in
                    let key = Case(engine: engine, direction: direction, threads: limit.threads)
                    var row = BenchReport.Row(direction: direction, engine: engine, threads: limit.threads)
                    row.notMeasured = peers.reason(engine)
                    guard row.notMeasured == nil, let seconds = times[key] else { return row }
                    let own = times[.init(engine: .ours, direction: direction, threads: limit.threads)]
                    let (ours, median) = (own?.median ?? .nan, seconds.median ?? .nan)
                    row.seconds = seconds
                    row.medianSeconds = median
                    row.timesRealTime = duration / median
                    if engine != .ours { row.oursIsFasterBy = median / ours }
                    let best = direction == .encode ? limit.encodeTimesRealTime : limit.decodeTimesRealTime
                    if engine == .ours { row.shareOfLimit = duration / median / best }
                    return row
                }
            }
        }
    }
}
