import Glibc

/// Triangular filters on Slaney's mel scale, each scaled by 2 / width in Hz; the metrics' own copy of the scale.
///
/// Equals `librosa.filters.mel(sr, n_fft, n_mels)` of librosa 0.11. Weights are kept as runs of bins.
struct SlaneyMelBasis: Sendable {
    let melCount: Int
    let firstBin: [Int]
    let weightStart: [Int]
    let weights: [Double]

    init(sampleRate: Int, fftLength: Int, melCount: Int) {
        self.melCount = melCount
        let top = Self.mel(Double(sampleRate) / 2)
        let edges = (0..<melCount + 2).map { Self.hertz(top * Double($0) / Double(melCount + 1)) }
        var (firstBin, weightStart, weights): ([Int], [Int], [Double]) = ([], [0], [])
        for band in 0..<melCount {
            let (low, mid, high) = (edges[band], edges[band + 1], edges[band + 2])
            var first: Int?
            for bin in 0...fftLength / 2 {
                let frequency = Double(bin) * Double(sampleRate) / Double(fftLength)
                let weight = min((frequency - low) / (mid - low), (high - frequency) / (high - mid))
                guard weight > 0 else { continue }
                first = first ?? bin
                weights.append(weight * 2 / (high - low))
            }
            firstBin.append(first ?? 0)
            weightStart.append(weights.count)
        }
        self.firstBin = firstBin
        self.weightStart = weightStart
        self.weights = weights
    }

    /// Band values of one frame: sums of weight times bin.
    func apply(_ bins: UnsafePointer<Double>, into bands: inout [Double]) {
        weights.withUnsafeBufferPointer { weights in
            for band in 0..<melCount {
                let (start, end, bin) = (weightStart[band], weightStart[band + 1], firstBin[band])
                var sum = 0.0
                for index in start..<end { sum += weights[index] * bins[bin + index - start] }
                bands[band] = sum
            }
        }
    }

    private static let hertzPerMel = 200.0 / 3
    private static let logStep = log(6.4) / 27

    private static func mel(_ hertz: Double) -> Double {
        hertz < 1000 ? hertz / hertzPerMel : 15 + log(hertz / 1000) / logStep
    }

    private static func hertz(_ mel: Double) -> Double {
        mel < 15 ? mel * hertzPerMel : 1000 * exp(logStep * (mel - 15))
    }
}
