/// The result of a benchmark.
struct BenchReport: Encodable {
    /// One implementation, direction and number of threads.
    struct Row: Encodable {
        let direction: Direction
        let engine: Engine
        let threads: Int
        /// Every measurement in seconds; empty when not measured.
        var seconds: [Double] = []
        var medianSeconds: Double?
        var timesRealTime: Double?
        /// How many times faster ours is.
        var oursIsFasterBy: Double?
        /// Least time that the machine needs over the median, ours only.
        var shareOfLimit: Double?
        /// Why there is no number.
        var notMeasured: String?
    }

    /// How a peer's results differ from ours.
    struct Agreement: Encodable {
        let engine: Engine
        let codesCompared: Int
        let codesDifferent: Int
        /// Largest difference of decoded samples over the peak, from the same codes.
        let audioDifferenceToPeak: Double
    }

    /// What the machine can do at most: the best that was measured during the run.
    struct Limit: Encodable {
        let threads: Int
        let gigaOperationsPerSecond: Double
        let cacheGigabytesPerSecond: Double
        let encodeTimesRealTime: Double
        let decodeTimesRealTime: Double
    }

    enum Engine: String, Codable { case ours, hf, onnx }
    enum Direction: String, Codable { case encode, decode }

    let agreement: [Agreement]
    let audioSeconds: Double
    let bandwidthKbps: Double
    let codec: String
    let decodeGigaOperationsPerAudioSecond: Double
    let encodeGigaOperationsPerAudioSecond: Double
    let environment: BenchEnvironment
    let input: String
    let limits: [Limit]
    let oursPeakResidentBytes: Int
    let peersPeakResidentBytes: Int?
    let repeats: Int
    let rows: [Row]

    /// Whether something that was asked for has no number.
    var isIncomplete: Bool { rows.contains { $0.notMeasured != nil } }

    /// The report as text.
    var text: String {
        """
        \(environment.text)
        \(Text.plain(audioSeconds)) s of \(input) at \(Text.plain(bandwidthKbps)) kbps with codec '\(codec)'; median of \
        \(repeats) interleaved runs after a warm-up

        \(Text.table(tableRows))\(reasons)
        machine's limit (best of this run): \(limits.map(\.text).joined(separator: "; "))
        share of limit = least time / our time, least time = convolutions and LSTM inputs at the peak (encode \
        \(Text.fixed(encodeGigaOperationsPerAudioSecond, 2)), decode \(Text.fixed(decodeGigaOperationsPerAudioSecond, 2)) \
        GFLOP per second of audio) + recurrent weights at the cache's bandwidth
        \(agreement.map(\.text).joined())\
        peak resident memory: ours \(oursPeakResidentBytes / 1_000_000) MB\
        \(peersPeakResidentBytes.map { ", the peers' process \($0 / 1_000_000) MB" } ?? "")

        """
    }

    private var tableRows: [[String]] {
        let header = ["", "threads", "median s", "x real time", "ours is faster by", "share of limit"]
        let measured = rows.filter { $0.notMeasured == nil }.map { row in
            [
                "\(row.direction.rawValue) \(row.engine.name)", "\(row.threads)",
                row.medianSeconds.map { Text.fixed($0, 3) } ?? "", row.timesRealTime.map { Text.fixed($0, 1) } ?? "",
                row.oursIsFasterBy.map { Text.fixed($0, 2) + "x" } ?? "",
                row.shareOfLimit.map { Text.fixed($0 * 100, 0) + " %" } ?? "",
            ]
        }
        return [header] + measured
    }

    /// One line for each peer that has no numbers.
    private var reasons: String {
        var lines: [String] = []
        for row in rows {
            guard let reason = row.notMeasured else { continue }
            let line = "\(row.engine.name): not measured (\(reason))\n"
            if !lines.contains(line) { lines.append(line) }
        }
        return lines.joined()
    }
}

extension BenchReport.Engine {
    var name: String {
        switch self {
        case .ours: "ours"
        case .hf: "Hugging Face"
        case .onnx: "ONNX Runtime"
        }
    }
}

extension BenchReport.Limit {
    var text: String {
        "\(threads) thread(s) \(Text.fixed(gigaOperationsPerSecond, 0)) GFLOP/s, "
            + "\(Text.fixed(cacheGigabytesPerSecond, 0)) GB/s from cache = encode \(Text.fixed(encodeTimesRealTime, 0))x, "
            + "decode \(Text.fixed(decodeTimesRealTime, 0))x real time"
    }
}

extension BenchReport.Agreement {
    var text: String {
        "\(engine.name): \(codesDifferent) of \(codesCompared) codes differ from ours; audio from the same codes differs by "
            + "\(Text.fixed(audioDifferenceToPeak * 1e6, 2))e-6 of the peak\n"
    }
}
