internal import SignalProcessing

/// From power by TR to decibels by TR, when the film's maximum is known; blocks of TRs may be converted one by one.
struct MelDecibels {
    private let slots: MelSlots
    private let binCount: Int
    private let scale: DecibelScale

    /// - Parameters:
    ///   - slots: The columns.
    ///   - binCount: Numbers a frame.
    ///   - reference: The power of 0 dB.
    /// - Throws: ``FeatureError/signal(_:)``.
    init(_ slots: MelSlots, binCount: Int, reference: Float) throws(FeatureError) {
        (self.slots, self.binCount) = (slots, binCount)
        scale = try wrapSignal { () throws(SignalError) in
            try DecibelScale(reference: .value(reference), rangeDB: nil)
        }
    }

    /// Power to dB below the film's maximum, no further down than 80 dB, which fills columns without a frame too.
    ///
    /// - Parameters:
    ///   - values: (TRs, bins, columns).
    ///   - firstTR: Where the block stands in the film.
    /// - Throws: ``FeatureError/signal(_:)`` for power that is no number.
    func convert(_ values: inout [Float], firstTR: Int) throws(FeatureError) {
        try wrapSignal { () throws(SignalError) in _ = try scale.convert(&values) }
        let (bins, width) = (binCount, slots.width)
        values.withUnsafeMutableBufferPointer { values in
            for index in values.indices where values[index] < MelSlots.fillerDB { values[index] = MelSlots.fillerDB }
            for tr in 0..<values.count / (bins * width) {
                let count = slots.frameCount(of: firstTR + tr)
                for row in tr * bins..<(tr + 1) * bins where count < width {
                    for column in count..<width { values[row * width + column] = MelSlots.fillerDB }
                }
            }
        }
    }

    /// Means over each TR's own frames, of decibels.
    ///
    /// - Parameters:
    ///   - decibels: (TRs, bins, columns).
    ///   - firstTR: Where the block stands in the film.
    /// - Returns: (TRs, bins).
    func means(_ decibels: [Float], firstTR: Int) -> [Float] {
        let (bins, width) = (binCount, slots.width)
        let trCount = decibels.count / (bins * width)
        var means: [Float] = []
        means.reserveCapacity(trCount * bins)
        for tr in 0..<trCount {
            let count = slots.frameCount(of: firstTR + tr)
            for row in tr * bins..<(tr + 1) * bins {
                let sum = decibels[row * width..<row * width + count].reduce(0.0) { $0 + Double($1) }
                means.append(Float(sum / Double(count)))
            }
        }
        return means
    }
}
