import AudioIO
import FeaturePipeline
import NumericCore
import Verification

/// A model's predictions as sound, beside the original and beside what the features themselves give.
struct PredictedSound {
    /// One metric of both, against the original.
    struct Entry: Encodable {
        let metric: MetricDescriptor
        let predicted: MetricResult
        /// The same for the features themselves: what no model can exceed.
        let ceiling: MetricResult
    }

    /// One channel at ``sampleRate``.
    let samples: [Float]
    let sampleRate: Int
    /// Where the part begins in the original, in seconds.
    let startSeconds: Double
    let entries: [Entry]

    private static let metrics: [Metric] = [.scaleInvariantSDR(), .stoi, .extendedSTOI, .melDistanceDAC]

    /// Decodes predictions and features of the same TRs and measures both.
    ///
    /// - Parameters:
    ///   - predicted: The model's numbers for `rows`.
    ///   - rows: TRs of the part.
    ///   - stored: The features' file.
    ///   - original: The recording the features were made from.
    ///   - seed: Where Griffin-Lim's phases start.
    /// - Throws: ``CommandError`` when the recording ends before the part does, and what decoding throws.
    init(
        _ predicted: AudioFeatures, rows: Range<Int>, of stored: StoredFeatures, original: String, seed: UInt64
    ) throws {
        let (processor, clock) = (stored.processor, stored.processor.clock)
        let test = try Self.decoded(stored.input.part(rows, clock: clock, replacedBy: predicted), processor, seed)
        let best = try Self.decoded(stored.input.part(rows, clock: clock), processor, seed)
        let start = clock.start(of: rows.lowerBound) * clock.hopLength
        let rate = processor.sampleRate
        let reference = try Self.stretch(of: original, from: start, count: test.count, rate: rate)
        try Interruption.check()
        entries = Self.metrics.map { metric in
            Entry(
                metric: metric.descriptor,
                predicted: metric.measure(AudioPair(reference: reference, test: test, sampleRate: rate)),
                ceiling: metric.measure(AudioPair(reference: reference, test: best, sampleRate: rate)))
        }
        (samples, sampleRate, startSeconds) = (test, rate, Double(start) / Double(rate))
    }

    private static func decoded(_ input: FeatureInput, _ processor: AudioProcessor, _ seed: UInt64) throws -> [Float] {
        var samples: [Float] = []
        try processor.audio(from: input, seed: seed) {
            try Interruption.check()
            samples += $0
        }
        return samples
    }

    private static func stretch(of path: String, from start: Int, count: Int, rate: Int) throws -> [Float] {
        let reader = try AudioReader(path: path, sampleRate: rate)
        var samples = [Float](repeating: 0, count: start + count)
        let read = try samples.withUnsafeMutableBufferPointer { buffer throws(AudioFileError) in
            try reader.read(into: buffer)
        }
        guard read == samples.count else {
            let (has, needs) = (Double(read) / Double(rate), Double(samples.count) / Double(rate))
            throw CommandError.badInput(
                "'\(path)' has \(Text.fixed(has, 2)) s of sound and the part ends at \(Text.fixed(needs, 2)) s; give the"
                    + " recording that the features were made from")
        }
        return Array(samples[start...])
    }

    /// Writes the prediction.
    ///
    /// - Parameter path: Ends in `.wav`.
    /// - Throws: `AudioFileError`.
    func write(to path: String) throws {
        let writer = try AudioWriter(path: path, sampleRate: sampleRate, channelCount: 1, encoding: .float32)
        try samples.withUnsafeBufferPointer { try writer.write($0) }
        try writer.finish()
    }

    /// A table of the metrics, and the reasons for those that could not be measured.
    var text: String {
        func cell(_ result: MetricResult) -> String { result.number.map { Text.fixed($0, 3) } ?? "not measurable" }
        let rows = entries.map { entry in
            [
                entry.metric.title, cell(entry.predicted), cell(entry.ceiling), entry.metric.unit,
                entry.metric.direction.rawValue,
            ]
        }
        let reasons = entries.flatMap { entry in
            [("the prediction", entry.predicted), ("the features", entry.ceiling)].compactMap { name, result in
                Self.reason(result).map { "\(entry.metric.title) of \(name): \($0)\n" }
            }
        }
        let seconds = Double(samples.count) / Double(sampleRate)
        return "\n" + Text.table([["against the original", "predicted", "features decoded", "unit", "better"]] + rows)
            + reasons.joined()
            + "\(Text.fixed(seconds, 2)) s from \(Text.fixed(startSeconds, 2)) s on at \(sampleRate) Hz\n"
    }

    private static func reason(_ result: MetricResult) -> String? {
        switch result {
        case .value: nil
        case .notApplicable(let reason), .failed(let reason): reason.description
        }
    }
}
