import Glibc
import NumericCore

/// How a signal is cut into frames.
struct FrameLayout: Sendable {
    /// What stands beyond the ends of the signal.
    enum Padding: Sendable {
        /// Frames lie inside the signal.
        case none
        /// Half a frame is mirrored at both ends, the end sample not repeated; needs more samples than that.
        case reflect
    }

    let fftLength: Int
    let hop: Int
    /// `fftLength` weights.
    let window: [Double]
    let padding: Padding

    var binCount: Int { fftLength / 2 + 1 }

    init(fftLength: Int, hop: Int, window: [Double], padding: Padding) {
        precondition(window.count <= fftLength && hop > 0, "\(window.count) weights in \(fftLength), hop \(hop)")
        self.fftLength = fftLength
        self.hop = hop
        self.padding = padding
        // A shorter window stands in the middle of the frame, as in torch.stft.
        let left = (fftLength - window.count) / 2
        self.window =
            [Double](repeating: 0, count: left) + window
            + [Double](repeating: 0, count: fftLength - window.count - left)
    }

    /// Fewest samples that give a frame.
    var minimumCount: Int { padding == .reflect ? fftLength / 2 + 1 : fftLength }

    func frameCount(_ sampleCount: Int) -> Int {
        switch padding {
        case .none: sampleCount < fftLength ? 0 : (sampleCount - fftLength) / hop + 1
        case .reflect: sampleCount < minimumCount ? 0 : sampleCount / hop + 1
        }
    }
}

/// Power spectra of both signals, a few frames at a time.
///
/// This is the metrics' own short-time transform over NumericCore's FFT. The library has another one; that there are two
/// is wanted, so that a fault in the one that is judged cannot cancel out in the judgement.
struct PairSpectra {
    let layout: FrameLayout
    private let transform: RealFourierTransform<Double>

    init(_ layout: FrameLayout) {
        self.layout = layout
        transform = RealFourierTransform(length: layout.fftLength)
    }

    /// Frames whose powers are handed out together: about 128 KiB of samples.
    private var batchCount: Int { max(1, 16384 / layout.fftLength) }

    /// Calls `body` with |X|^2 and |Y|^2 of consecutive frames, row-major (frame, bin).
    func forEachBatch(
        _ pair: AudioPair,
        _ body: (_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ frameCount: Int) -> Void
    ) {
        let total = layout.frameCount(pair.commonCount)
        var x = Workspace(layout, batchCount)
        var y = Workspace(layout, batchCount)
        for first in stride(from: 0, to: total, by: batchCount) {
            let count = min(batchCount, total - first)
            fill(&x, pair.reference, first: first, count: count)
            fill(&y, pair.test, first: first, count: count)
            body(x.powers, y.powers, count)
        }
    }

    /// Calls `body` with |X|^2 of consecutive frames of one signal, row-major (frame, bin).
    func forEachBatch(_ samples: AudioSamples, _ body: (_ x: UnsafePointer<Double>, _ frameCount: Int) -> Void) {
        let total = layout.frameCount(samples.count)
        var x = Workspace(layout, batchCount)
        for first in stride(from: 0, to: total, by: batchCount) {
            let count = min(batchCount, total - first)
            fill(&x, samples, first: first, count: count)
            body(x.powers, count)
        }
    }

    private func fill(_ workspace: inout Workspace, _ samples: AudioSamples, first: Int, count: Int) {
        let length = layout.fftLength
        let offset = layout.padding == .reflect ? length / 2 : 0
        let span = (count - 1) * layout.hop + length
        let start = first * layout.hop - offset
        workspace.samples.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            if layout.padding == .reflect {
                samples.loadReflected(from: start, count: span, into: base)
            } else {
                samples.load(from: start, count: span, into: base)
            }
        }
        workspace.cutFrames(layout, count: count)
        // The whole batch is transformed; rows beyond `count` hold old frames and are not looked at.
        Self.run(transform, workspace.frames, &workspace.spectra)
        workspace.takePowers(count * layout.binCount)
    }

    private static func run(_ transform: RealFourierTransform<Double>, _ frames: [Double], _ spectra: inout [Double]) {
        var target = spectra.mutableSpan
        transform.forward(frames.span, into: &target)
    }

    /// Buffers of one signal, made once a call.
    private struct Workspace {
        var samples: [Double]
        var frames: [Double]
        var spectra: [Double]
        var powers: [Double]

        init(_ layout: FrameLayout, _ frameCount: Int) {
            samples = [Double](repeating: 0, count: (frameCount - 1) * layout.hop + layout.fftLength)
            frames = [Double](repeating: 0, count: frameCount * layout.fftLength)
            spectra = [Double](repeating: 0, count: frameCount * 2 * layout.binCount)
            powers = [Double](repeating: 0, count: frameCount * layout.binCount)
        }

        mutating func cutFrames(_ layout: FrameLayout, count: Int) {
            let (length, hop) = (layout.fftLength, layout.hop)
            layout.window.withUnsafeBufferPointer { window in
                samples.withUnsafeBufferPointer { samples in
                    frames.withUnsafeMutableBufferPointer { frames in
                        for frame in 0..<count {
                            for index in 0..<length {
                                frames[frame * length + index] = samples[frame * hop + index] * window[index]
                            }
                        }
                    }
                }
            }
        }

        mutating func takePowers(_ count: Int) {
            spectra.withUnsafeBufferPointer { spectra in
                powers.withUnsafeMutableBufferPointer { powers in
                    for index in 0..<count {
                        let (re, im) = (spectra[2 * index], spectra[2 * index + 1])
                        powers[index] = re * re + im * im
                    }
                }
            }
        }
    }
}

/// Window shapes of the metrics.
enum MetricWindow {
    /// 0.5 (1 - cos(2 pi n / N)), n = 0 ..< N.
    static func periodicHann(_ count: Int) -> [Double] {
        (0..<count).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(count)) }
    }

    /// The symmetric Hann window of `count + 2` points without its two end zeros.
    static func innerHann(_ count: Int) -> [Double] {
        (1...count).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(count + 1)) }
    }

    /// The symmetric Hann window, zeros at both ends.
    static func symmetricHann(_ count: Int) -> [Double] {
        (0..<count).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(count - 1)) }
    }
}
