import Glibc
import NumericCore

/// One-third octave band magnitudes of the speech frames of a pair, as STOI's authors define them.
///
/// At 10 kHz: frames of 256 samples, hop 128, frames of the reference more than 40 dB below its loudest one left out of
/// both signals, the rest overlap-added and cut again. Here that is done frame by frame: frame m of the shortened signal
/// is made of the kept frames m - 1, m and m + 1, so nothing but the bands is stored.
struct ThirdOctaveSpectra {
    static let bandCount = 15
    static let frameLength = 256
    static let hop = 128
    static let sampleRate = 10000
    private static let fftLength = 512

    /// Frames left.
    private(set) var frameCount = 0
    /// Band magnitudes, row-major (frame, band).
    private(set) var reference: [Double] = []
    private(set) var test: [Double] = []

    /// First bin of each band and, last, the end.
    private static let edges: [(lower: Int, upper: Int)] = (0..<bandCount).map { band in
        let width = Double(sampleRate) / Double(fftLength)
        let nearest = { (exponent: Double) in
            // Ties cannot come up: the edges are irrational multiples of the bin width.
            Int((150 * exp2(exponent / 6) / width).rounded())
        }
        return (nearest(Double(2 * band - 1)), nearest(Double(2 * band + 1)))
    }

    /// Bands of a pair at 10 kHz.
    init(reference x: [Double], test y: [Double]) {
        let kept = Self.keptFrames(x)
        // Overlap-adding n frames gives (n + 1) hops; cutting it again drops the last frame that would fit exactly.
        frameCount = max(0, kept.count - 1)
        reference = [Double](repeating: 0, count: frameCount * Self.bandCount)
        test = reference
        Self.bands(x, kept, frameCount, into: &reference)
        Self.bands(y, kept, frameCount, into: &test)
    }

    private static func keptFrames(_ x: [Double]) -> [Int] {
        let window = MetricWindow.innerHann(frameLength)
        let starts = Array(stride(from: 0, to: x.count - frameLength, by: hop))
        let energies = starts.map { start in
            var sum = 0.0
            for index in 0..<frameLength {
                let value = window[index] * x[start + index]
                sum += value * value
            }
            return 20 * log10(sum.squareRoot() + Double.ulpOfOne)
        }
        guard let loudest = energies.max() else { return [] }
        return zip(starts, energies).filter { $1 > loudest - 40 }.map(\.0)
    }

    private static func bands(_ signal: [Double], _ kept: [Int], _ frameCount: Int, into bands: inout [Double]) {
        let window = MetricWindow.innerHann(frameLength)
        let transform = RealFourierTransform<Double>(length: fftLength)
        let batch = 64
        var frames = [Double](repeating: 0, count: batch * fftLength)
        var spectra = [Double](repeating: 0, count: batch * 2 * transform.binCount)
        for first in stride(from: 0, to: frameCount, by: batch) {
            let count = min(batch, frameCount - first)
            for frame in 0..<count { cut(signal, kept, first + frame, window, &frames, frame * fftLength) }
            // The whole batch is transformed; rows beyond `count` hold old frames and are not looked at.
            var target = spectra.mutableSpan
            transform.forward(frames.span, into: &target)
            for frame in 0..<count {
                sumBands(spectra, frame * 2 * transform.binCount, &bands, (first + frame) * bandCount)
            }
        }
    }

    /// Frame m of the shortened signal, windowed once more; the second half of a slot stays zero.
    private static func cut(
        _ signal: [Double], _ kept: [Int], _ m: Int, _ window: [Double], _ frames: inout [Double], _ offset: Int
    ) {
        let own = kept[m]
        for index in 0..<frameLength {
            var value = window[index] * signal[own + index]
            if index < hop {
                if m > 0 { value += window[index + hop] * signal[kept[m - 1] + index + hop] }
            } else if m + 1 < kept.count {
                value += window[index - hop] * signal[kept[m + 1] + index - hop]
            }
            frames[offset + index] = window[index] * value
        }
    }

    private static func sumBands(_ spectra: [Double], _ offset: Int, _ bands: inout [Double], _ target: Int) {
        for band in 0..<bandCount {
            var sum = 0.0
            for bin in edges[band].lower..<edges[band].upper {
                let (re, im) = (spectra[offset + 2 * bin], spectra[offset + 2 * bin + 1])
                sum += re * re + im * im
            }
            bands[target + band] = sum.squareRoot()
        }
    }
}
