/// Triangular filters over the bins of a power spectrum, stored without their zeros.
///
/// Filter i rises from f[i] to f[i + 1] and falls to f[i + 2], linearly in hertz, where f are `melBinCount + 2`
/// frequencies equally far apart in mel. A bin lies in at most two filters, and these are neighbours. A filter narrower
/// than the distance of two bins may hold none: with 2048 filters over 2049 bins at 22,050 Hz, 303 are empty.
public struct MelFilterBank: Sendable {
    /// How a filter is scaled.
    public enum Normalization: String, Sendable, CaseIterable {
        /// By 2 / (f[i + 2] - f[i]): every triangle has an area of 1 hertz.
        case slaneyArea
        /// Not at all: peaks reach 1.
        case none
    }

    /// Filters.
    public let melBinCount: Int
    /// Bins of the spectra they are applied to.
    public let spectrumBinCount: Int
    /// The first bin of each filter; of an empty one, any.
    let firstBins: [Int]
    /// Where each filter's weights start in `weights`; one more entry than filters.
    let offsets: [Int]
    /// Weights of the filters one after the other, bin by bin.
    let weights: [Float]

    /// Computes the weights, in `Double`, rounded to `Float` where librosa rounds them.
    ///
    /// - Parameters:
    ///   - melBinCount: At least 1.
    ///   - fftLength: Samples of the frames whose spectra will be filtered, at least 1.
    ///   - sampleRate: In hertz, above 0.
    ///   - frequencies: Lowest and highest frequency in hertz, not negative.
    ///   - normalization: How filters are scaled.
    init(
        melBinCount: Int, fftLength: Int, sampleRate: Double, frequencies: ClosedRange<Double>,
        normalization: Normalization
    ) {
        self.melBinCount = melBinCount
        spectrumBinCount = fftLength / 2 + 1
        let edges = MelScale.frequencies(
            count: melBinCount + 2, from: frequencies.lowerBound, to: frequencies.upperBound)
        // The bins' frequencies as numpy.fft.rfftfreq rounds them.
        let binWidth = 1 / (Double(fftLength) * (1 / sampleRate))
        var firstBins: [Int] = []
        var offsets = [0]
        var weights: [Float] = []
        for filter in 0..<melBinCount {
            let (low, peak, high) = (edges[filter], edges[filter + 1], edges[filter + 2])
            let scale = normalization == .slaneyArea ? 2 / (high - low) : 1
            let first = max(0, Int((low / binWidth).rounded(.down)))
            let last = min(spectrumBinCount - 1, Int((high / binWidth).rounded(.up)))
            var row = (first..<max(first, last + 1)).map { bin in
                let frequency = Double(bin) * binWidth
                let height = min((frequency - low) / (peak - low), (high - frequency) / (high - peak))
                return Float(Double(Float(max(0, height))) * scale)
            }
            let leading = row.prefix { $0 == 0 }.count
            row.removeFirst(leading)
            while row.last == 0 { row.removeLast() }
            firstBins.append(row.isEmpty ? 0 : first + leading)
            weights += row
            offsets.append(weights.count)
        }
        (self.firstBins, self.offsets, self.weights) = (firstBins, offsets, weights)
    }

    /// Filters that hold no bin; their output is always 0.
    public var emptyFilterCount: Int { (0..<melBinCount).count { offsets[$0] == offsets[$0 + 1] } }

    /// One weight.
    ///
    /// - Parameters:
    ///   - filter: 0 ..< `melBinCount`.
    ///   - bin: 0 ..< `spectrumBinCount`.
    /// - Returns: At least 0.
    public func weight(filter: Int, bin: Int) -> Float {
        precondition(0..<melBinCount ~= filter && 0..<spectrumBinCount ~= bin, "weight (\(filter), \(bin))")
        let position = bin - firstBins[filter]
        return position >= 0 && position < offsets[filter + 1] - offsets[filter]
            ? weights[offsets[filter] + position] : 0
    }

    /// Filters one power spectrum; each sum runs from the lowest bin up.
    ///
    /// - Parameters:
    ///   - power: `spectrumBinCount` numbers.
    ///   - mel: Receives `melBinCount` numbers.
    func apply(_ power: [Float], into mel: inout [Float]) {
        precondition(
            power.count == spectrumBinCount && mel.count == melBinCount,
            "\(power.count) bins into \(mel.count) filters, not \(spectrumBinCount) into \(melBinCount)")
        mel.withUnsafeMutableBufferPointer { mel in
            power.withUnsafeBufferPointer { power in
                weights.withUnsafeBufferPointer { weights in
                    var start = 0
                    for filter in 0..<melBinCount {
                        let end = offsets[filter + 1]
                        let shift = firstBins[filter] - start
                        var sum: Float = 0
                        for index in start..<end { sum += weights[index] * power[shift + index] }
                        mel[filter] = sum
                        start = end
                    }
                }
            }
        }
    }
}
