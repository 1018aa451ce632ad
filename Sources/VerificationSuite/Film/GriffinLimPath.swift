internal import FeaturePipeline
internal import NumericCore
internal import SignalProcessing

/// The mel path from sound to sound, TR by TR: features as the pipeline makes them, then least squares and Griffin-Lim.
///
/// Gives the bits of ``AudioProcessor`` with its correct behaviour, without holding a film's features (1.3 GB an hour).
struct GriffinLimPath {
    static let sampleRate = MelConfiguration.legacy.sampleRate

    private let mel = MelConfiguration.legacy
    private let clock: FrameClock
    private let trCount: Int
    private let isAverage: Bool
    private static let fillerDB: Float = -80

    init(repetitionTime: RepetitionTime, trCount: Int, isAverage: Bool) throws {
        clock = try FrameClock(
            repetitionTime: repetitionTime, sampleRate: mel.sampleRate, hopLength: mel.layout.hopLength)
        (self.trCount, self.isAverage) = (trCount, isAverage)
    }

    func run(_ input: StoredSound, seed: UInt64, to sink: ([Float]) throws -> Void) throws {
        var largest = DecibelScale.legacy.leastPower
        try forEachFrame(of: input) { _, frame in for value in frame { largest = max(largest, value) } }
        let contributed = clock.start(of: trCount)
        let wanted = clock.sampleCount(ofTRs: trCount)
        // The film's frame at the very end belongs to no TR; the last one stands for it and completes the length.
        let completes = contributed == wanted / clock.hopLength
        let stream = try GriffinLim(mel.layout).makeStream(
            frameCount: contributed + (completes ? 1 : 0), sampleCount: completes ? wanted : nil,
            phases: .random(seed: seed))
        let inversion = try MelInversion(mel.filterBank)
        let scale = try DecibelScale(reference: .value(largest), rangeDB: nil)
        var rows: [Float] = []
        var tr = 0
        try forEachFrame(of: input) { index, frame in
            guard tr < trCount else { return }
            rows += frame
            guard index + 1 == clock.start(of: tr + 1) else { return }
            try scale.convert(&rows)
            for index in rows.indices where rows[index] < Self.fillerDB { rows[index] = Self.fillerDB }
            let isLast = tr == trCount - 1
            let magnitudes = try magnitudes(
                of: rows, reference: largest, extraCount: completes && isLast ? 1 : 0, inversion)
            var samples: [Float] = []
            try stream.append(magnitudes) { samples += $0 }
            try sink(samples)
            rows.removeAll(keepingCapacity: true)
            tr += 1
        }
    }

    /// Spectra of a TR's frames in dB, frame after frame; `extraCount` more like the last one.
    private func magnitudes(
        of decibels: [Float], reference: Float, extraCount: Int, _ inversion: MelInversion
    ) throws -> Tensor<Float> {
        let frameCount = decibels.count / mel.melBinCount
        let distinct = isAverage ? mean(decibels, frameCount: frameCount) : decibels
        let power = try DecibelScale.power(ofDecibels: distinct, reference: reference)
        let found = try inversion.magnitudes(
            of: Tensor(power, shape: [distinct.count / mel.melBinCount, mel.melBinCount]))
        let width = found.shape[1]
        let repeats = isAverage ? frameCount + extraCount - 1 : extraCount
        var elements = found.elements
        for _ in 0..<repeats { elements += found.elements.suffix(width) }
        return Tensor(elements, shape: [frameCount + extraCount, width])
    }

    private func mean(_ decibels: [Float], frameCount: Int) -> [Float] {
        let bins = mel.melBinCount
        return (0..<bins).map { bin in
            var sum = 0.0
            for frame in 0..<frameCount { sum += Double(decibels[frame * bins + bin]) }
            return Float(sum / Double(frameCount))
        }
    }

    /// Mel power of every frame, in order.
    private func forEachFrame(of input: StoredSound, _ body: (_ index: Int, _ frame: [Float]) throws -> Void) throws {
        var stream = MelSpectrogram(mel).makeStream()
        var index = 0
        var ready: [[Float]] = []
        func hand() throws {
            for frame in ready {
                try body(index, frame)
                index += 1
            }
            ready.removeAll(keepingCapacity: true)
        }
        try input.forEachBlock { block in
            try stream.append(block) { frame in ready.append(frame.indices.map { frame[$0] }) }
            try hand()
        }
        try stream.finish { frame in ready.append(frame.indices.map { frame[$0] }) }
        try hand()
    }
}
