import Glibc
import NumericCore

/// Frames of 30 ms every 7.5 ms under the window of Loizou's measures, with their spectra.
struct SpeechFrames {
    let length: Int
    let hop: Int
    let fftLength: Int
    let frameCount: Int
    private let window: [Double]
    private let transform: RealFourierTransform<Double>

    /// `dropsLast` leaves out the last frame, as Loizou's programs do.
    init(sampleRate: Int, sampleCount: Int, dropsLast: Bool = true) {
        // 30 ms rounded, and a quarter of the exact 30 ms rounded down; in integers, so that no rate falls either way.
        length = (sampleRate * 3 + 50) / 100
        hop = max(1, sampleRate * 3 / 400)
        var power = 1
        while power < 2 * length { power *= 2 }
        fftLength = power
        let all = sampleCount < length ? 0 : (sampleCount - length) / hop + 1
        frameCount = max(0, all - (dropsLast ? 1 : 0))
        window = MetricWindow.innerHann(length)
        transform = RealFourierTransform(length: power)
    }

    /// Samples of a frame under the window, zeros up to `fftLength`.
    func load(_ samples: AudioSamples, _ frame: Int, into target: inout [Double]) {
        samples.load(from: frame * hop, count: length, into: &target)
        for index in 0..<length { target[index] *= window[index] }
    }

    /// |FFT|^2 of a loaded frame.
    func powers(_ frame: [Double], _ spectrum: inout [Double], into powers: inout [Double]) {
        var span = spectrum.mutableSpan
        transform.forward(frame.span, into: &span)
        for bin in 0..<transform.binCount {
            powers[bin] = spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1]
        }
    }

    var emptyFrame: [Double] { [Double](repeating: 0, count: fftLength) }
    var emptySpectrum: [Double] { [Double](repeating: 0, count: 2 * transform.binCount) }
    var emptyPowers: [Double] { [Double](repeating: 0, count: transform.binCount) }

    /// Fewest samples that leave a frame after the last is dropped.
    static func minimumCount(_ sampleRate: Int) -> Int { (sampleRate * 3 + 50) / 100 + max(1, sampleRate * 3 / 400) }
}

/// The mean of the best 95 % of frames.
func meanOfBest95Percent(_ values: [Double]) -> Double {
    let kept = max(1, (values.count * 95 + 50) / 100)
    return values.sorted().prefix(kept).reduce(0, +) / Double(kept)
}
