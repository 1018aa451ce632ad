import NumericCore
import SignalProcessing
import TestSupport
import Testing

struct ShortTimeFourierTransformTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let key: String
        let fft: Int
        let window: Int
        let hop: Int
        let padding: String
        let length: Int
        let inverse: Bool?

        var testDescription: String { key }

        func layout() throws -> FrameLayout {
            let padding = try #require(FrameLayout.Padding(rawValue: padding))
            return try FrameLayout(fftLength: fft, windowLength: window, hopLength: hop, padding: padding)
        }
    }

    @Test(arguments: try SignalGolden<Case>("stft").cases)
    func `spectra equal librosa's for every padding and awkward length`(_ golden: Case) throws {
        let data = try SignalGolden<Case>("stft")
        let signal = Array(try data.floats("stft", "signal").prefix(golden.length))
        let expected = try data.array("stft", golden.key)
        let layout = try golden.layout()
        #expect(layout.frameCount(sampleCount: golden.length) == expected.shape[0])
        let actual = try ShortTimeFourierTransform(layout).forward(signal)
        #expect([actual.frameCount, actual.binCount, 2] == expected.shape)
        expectClose(
            actual.values, try expected.float32().elements, bound: try data.bound("spectrum"), relativeTo: .peak)
    }

    @Test(arguments: try SignalGolden<Case>("stft").cases.filter { $0.inverse == true })
    func `inverses equal librosa's, for spectra of no signal too`(_ golden: Case) throws {
        let data = try SignalGolden<Case>("stft")
        let transform = ShortTimeFourierTransform(try golden.layout())
        let bound = try data.bound("signal")
        let binCount = transform.layout.binCount
        for name in ["", "_odd"] {
            let spectrogram = try Spectrogram(try data.floats("stft", golden.key + name), binCount: binCount)
            let expected = try data.array("stft", golden.key + name + "_back").float64().elements
            let actual = try transform.inverse(spectrogram).map { Double($0) }
            expectClose(actual, expected, bound: bound, relativeTo: .peak, golden.key + name)
        }
    }

    @Test(arguments: try SignalGolden<Case>("stft").cases.filter { $0.inverse == true })
    func `a length cuts the inverse or fills it with zeros, as in librosa`(_ golden: Case) throws {
        let data = try SignalGolden<Case>("stft")
        let transform = ShortTimeFourierTransform(try golden.layout())
        let spectrogram = try Spectrogram(
            try data.floats("stft", golden.key), binCount: transform.layout.binCount)
        for length in [131, 400] {
            let expected = try data.array("stft", "\(golden.key)_back_\(length)").float64().elements
            let actual = try transform.inverse(spectrogram, sampleCount: length).map { Double($0) }
            expectClose(
                actual, expected, bound: try data.bound("signal"), relativeTo: .peak, "\(golden.key) \(length)")
        }
    }

    /// The bound is the inverse's error gain times the rounding of a spectrum, 2^-24.
    ///
    /// A sample is the sum of w[n] y_t[n] over frames, divided by the sum
    /// of w^2; y_t are inverse transforms of spectra rounded by 2^-24, so their error has at most the 2-norm
    /// 2^-24 |w x|, at most 2^-24 sqrt(fftLength) peak. With the interior sum of squares of hop = fft / 8, 3, and
    /// |sum of w| <= 4 the gain is at most 4/3 sqrt(fftLength); the last rounding adds 2^-24 peak.
    @Test(arguments: [1, 63, 64, 65, 255, 256, 257, 1000, 4099], [FrameLayout.Padding.zeros, .reflection])
    func `the inverse gives the signal back`(count: Int, padding: FrameLayout.Padding) throws {
        let layout = try FrameLayout(fftLength: 512, hopLength: 64, padding: padding)
        let transform = ShortTimeFourierTransform(layout)
        let signal = testSignal(count: count)
        let spectrogram = try transform.forward(signal)
        #expect(spectrogram.frameCount == 1 + count / 64)
        let back = try transform.inverse(spectrogram, sampleCount: count)
        // The last partial hop is covered by fewer windows, which divide by a smaller sum: at least 3/2 at the edges.
        expectClose(back, signal, bound: 0x1p-24 * (8.0 / 3 * 512.0.squareRoot() + 1), relativeTo: .peak)
    }

    @Test func `a frame's energy is its spectrum's (Parseval)`() throws {
        let layout = try FrameLayout(fftLength: 256, hopLength: 100, padding: .none)
        let signal = testSignal(count: 956)
        let spectrogram = try ShortTimeFourierTransform(layout).forward(signal)
        #expect(spectrogram.frameCount == 8)
        let window = Window.periodicHann.samples(count: 256)
        for frame in 0..<8 {
            let samples = (0..<256).map { Double(signal[frame * 100 + $0]) * window[$0] }
            let energy = samples.reduce(0) { $0 + $1 * $1 }
            let row = spectrogram.values[frame * 258..<(frame + 1) * 258].map { Double($0) * Double($0) }
            // All bins but the first and the last stand for two.
            let twice = 2 * row.reduce(0, +) - row[0] - row[256]
            // Each of the rounded numbers is off by 2^-24 at most, its square by 2^-23.
            expectClose([twice / 256], [energy], bound: 0x1p-22, relativeTo: .peak, "frame \(frame)")
        }
    }

    @Test func `the transform is linear`() throws {
        let transform = ShortTimeFourierTransform(try FrameLayout(fftLength: 128, hopLength: 32))
        let (a, b) = (testSignal(count: 500, seed: 1), testSignal(count: 500, seed: 2))
        let sum = zip(a, b).map { 2 * $0 - 0.5 * $1 }
        let parts = zip(try transform.forward(a).values, try transform.forward(b).values).map { 2 * $0 - 0.5 * $1 }
        // The sum of signals is rounded before, and each spectrum after: a few 2^-24 of sums that 128 samples feed.
        expectClose(try transform.forward(sum).values, parts, bound: 1e-6, relativeTo: .peak)
    }

    @Test func `a sample at the centre of a frame gives that frame a flat spectrum`() throws {
        var signal = [Float](repeating: 0, count: 400)
        signal[96] = 1
        let values = try ShortTimeFourierTransform(try FrameLayout(fftLength: 64, hopLength: 32)).forward(signal).values
        let row = Array(values[3 * 66..<4 * 66])
        // Position 32 of 64: exp(-i pi k) alternates between 1 and -1, and the window is 1 there.
        let expected = (0..<66).map { Float($0.isMultiple(of: 2) ? ($0.isMultiple(of: 4) ? 1 : -1) : 0) }
        expectClose(row, expected, bound: 1e-7, relativeTo: .absolute)
    }

    @Test func `without samples zero padding gives one silent frame and mirroring is refused`() throws {
        let silent = try ShortTimeFourierTransform(.legacy).forward([])
        #expect(silent.frameCount == 1)
        #expect(silent.values.allSatisfy { $0 == 0 })
        let mirrored = ShortTimeFourierTransform(try FrameLayout(fftLength: 64, hopLength: 8, padding: .reflection))
        #expect(throws: SignalError.self) { try mirrored.forward([]) }
        let bare = ShortTimeFourierTransform(try FrameLayout(fftLength: 64, hopLength: 8, padding: .none))
        #expect(throws: SignalError.self) { try bare.forward(testSignal(count: 63)) }
        #expect(try bare.forward(testSignal(count: 64)).frameCount == 1)
    }

    @Test func `a NaN is refused with its index`() throws {
        var signal = testSignal(count: 300)
        signal[217] = .nan
        #expect(throws: SignalError.notFinite(what: "Samples", index: 217, value: "nan")) {
            try ShortTimeFourierTransform(.legacy).forward(signal)
        }
        let layout = try FrameLayout(fftLength: 4, hopLength: 1)
        let spectrogram = try Spectrogram([0, 0, 1, .infinity, 0, 0], binCount: 3)
        #expect(throws: SignalError.notFinite(what: "Spectrum values", index: 3, value: "inf")) {
            try ShortTimeFourierTransform(layout).inverse(spectrogram)
        }
    }

    @Test(arguments: [(0, 1, 1), (8, 9, 1), (8, 0, 1), (8, 8, 0), (-4, -4, 2), (1 << 30, 8, 8)])
    func `a layout that cuts nothing is refused`(fft: Int, window: Int, hop: Int) {
        #expect(throws: SignalError.self) { try FrameLayout(fftLength: fft, windowLength: window, hopLength: hop) }
    }
}
