import Foundation
import Verification

/// Measures STOI and ESTOI beside pystoi on one pair and one thread, ours and theirs in turn.
final class MetricsBenchmark {
    private static let metrics: [(name: String, metric: Metric)] = [("stoi", .stoi), ("estoi", .extendedSTOI)]
    /// What makes NumPy and SciPy work on one thread.
    private static let oneThread = Dictionary(
        uniqueKeysWithValues: ["OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB"].map { ("\($0)_NUM_THREADS", "1") })

    private let pair: AudioPair
    private let folder: BenchFolder
    private var peer: PeerProcess?
    private(set) var versions: [String: String] = [:]
    /// Why the peer has no numbers, or nil.
    private(set) var reason: String?

    /// Starts the peer, unless `python` is nil.
    ///
    /// - Throws: ``CommandError`` when a temporary file cannot be written, `Interruption`.
    init(reference: [Float], test: [Float], rate: Int, python: String?, folder: BenchFolder) throws {
        pair = AudioPair(reference: reference, test: test, sampleRate: rate)
        self.folder = folder
        guard let python else { return }
        try folder.write(reference, as: "reference.f32")
        try folder.write(test, as: "test.f32")
        try guarded {
            let process = try PeerProcess(
                .metrics, python: python, environment: Self.oneThread,
                log: folder.url.appendingPathComponent("metrics_peer.log"))
            let request = PeerProcess.Request(
                do: "load", reference: folder.path("reference.f32"), test: folder.path("test.f32"), rate: rate)
            do { versions = try process.ask(request).versions ?? [:] } catch let failure as PeerProcess.Failure {
                throw PeerProcess.Failure(reason: "\(failure.reason); \(process.installation)")
            }
            peer = process
        }
    }

    /// Measures each metric `repeats` times after a warm-up.
    ///
    /// - Returns: One row a metric.
    /// - Throws: `Interruption`.
    func run(repeats: Int) throws -> [MetricsBenchReport.Row] {
        try Self.metrics.map { name, metric in
            var (ours, theirs) = (MetricsBenchReport.Times(), MetricsBenchReport.Times())
            for round in 0...repeats {
                let clock = ContinuousClock()
                let start = clock.now
                ours.value = metric.measure(pair).number
                let seconds = (clock.now - start).inSeconds
                let answer = try answer(name)
                theirs.value = answer?.value
                try Interruption.check()
                if round > 0 {
                    ours.seconds.append(seconds)
                    theirs.seconds += [answer?.seconds].compactMap(\.self)
                }
            }
            return MetricsBenchReport.Row(metric: name, ours: ours, theirs: reason == nil ? theirs : .init(), reason)
        }
    }

    private func answer(_ metric: String) throws -> PeerProcess.Answer? {
        guard let peer, reason == nil else { return nil }
        var answer: PeerProcess.Answer?
        try guarded { answer = try peer.ask(.init(do: "run", metric: metric)) }
        return answer
    }

    private func guarded(_ body: () throws -> Void) throws {
        do { try body() } catch let failure as PeerProcess.Failure { reason = failure.reason }
    }
}
