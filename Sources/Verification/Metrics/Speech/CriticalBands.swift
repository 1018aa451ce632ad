import Glibc

/// Loizou's 25 Gaussian critical-band filters, cut 30 dB below their top.
struct CriticalBands {
    static let centres = [
        50.0, 120, 190, 260, 330, 400, 470, 540, 617.372, 703.378, 798.717, 904.128, 1020.38, 1148.30, 1288.72, 1442.54,
        1610.70, 1794.16, 1993.93, 2211.08, 2446.71, 2701.97, 2978.04, 3276.17, 3597.63,
    ]
    static let widths = [
        70.0, 70, 70, 70, 70, 70, 70, 77.3724, 86.0056, 95.3398, 105.411, 116.256, 127.914, 140.423, 153.823, 168.154,
        183.457, 199.776, 217.153, 235.631, 255.255, 276.072, 298.126, 321.465, 346.136,
    ]
    static let count = 25

    private let first: [Int]
    private let weights: [[Double]]

    init(sampleRate: Int, fftLength: Int) {
        let half = fftLength / 2
        let scale = Double(half) / (Double(sampleRate) / 2)
        let smallest = exp(-30.0 / (2 * 2.303))
        var (first, weights): ([Int], [[Double]]) = ([], [])
        for band in 0..<Self.count {
            let centre = (Self.centres[band] * scale).rounded(.down)
            let width = Self.widths[band] * scale
            let norm = log(Self.widths[0]) - log(Self.widths[band])
            var (start, run): (Int?, [Double]) = (nil, [])
            for bin in 0..<half {
                let distance = (Double(bin) - centre) / width
                let weight = exp(-11 * distance * distance + norm)
                guard weight > smallest else { continue }
                start = start ?? bin
                run.append(weight)
            }
            first.append(start ?? 0)
            weights.append(run)
        }
        self.first = first
        self.weights = weights
    }

    /// Band sums of one frame's bins.
    func apply(_ bins: [Double], into bands: inout [Double]) {
        for band in 0..<Self.count {
            var sum = 0.0
            for (index, weight) in weights[band].enumerated() { sum += weight * bins[first[band] + index] }
            bands[band] = sum
        }
    }
}
