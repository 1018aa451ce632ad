import NumericCore
import SignalProcessing
import TestSupport
import Testing

struct MelSpectrogramTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let rate: Int
        let fft: Int
        let hop: Int
        let mels: Int

        var testDescription: String { name }

        func spectrogram() throws -> MelSpectrogram {
            let layout = try FrameLayout(fftLength: fft, hopLength: hop)
            return MelSpectrogram(try MelConfiguration(sampleRate: rate, layout: layout, melBinCount: mels))
        }
    }

    @Test(arguments: try SignalGolden<Case>("mel").cases)
    func `power and decibels equal librosa's over the whole array`(_ golden: Case) throws {
        let data = try SignalGolden<Case>("mel")
        let power = try golden.spectrogram().power(of: try data.floats("features", golden.name + "_signal"))
        let expected = try data.array("features", golden.name + "_power")
        #expect(power.shape == expected.shape)
        // Bands within 100 dB of the largest, each relative to itself.
        let peak = try expected.float32().elements.max() ?? 0
        let pairs = zip(power.elements, try expected.float32().elements).filter { $0.1 > 1e-10 * peak }
        #expect(pairs.count > power.count / 4)
        let relative = try data.bound("powerDB") * 0.230_258_5
        expectClose(pairs.map(\.0), pairs.map(\.1), bound: relative, relativeTo: .elementwise)

        var decibels = power.elements
        let reference = try DecibelScale.legacy.convert(&decibels)
        #expect(reference == power.elements.max())
        let features = try data.floats("features", golden.name + "_db")
        expectClose(decibels, features, bound: try data.bound("featureDB"), relativeTo: .absolute)
        #expect(decibels.max() == 0 && decibels.min() == -80)
    }

    @Test(arguments: [1, 37, 128, 511, 512, 513, 6000])
    func `pieces of any size give the bits of the whole`(pieceLength: Int) throws {
        for padding in FrameLayout.Padding.allCases {
            let layout = try FrameLayout(fftLength: 512, hopLength: 128, padding: padding)
            let mel = MelSpectrogram(try MelConfiguration(sampleRate: 8000, layout: layout, melBinCount: 40))
            let signal = testSignal(count: 2345)
            var rows: [Float] = []
            var stream = mel.makeStream()
            for start in stride(from: 0, to: signal.count, by: pieceLength) {
                let piece = Array(signal[start..<min(signal.count, start + pieceLength)])
                try stream.append(piece) { row in for index in 0..<row.count { rows.append(row[index]) } }
            }
            try stream.finish { row in for index in 0..<row.count { rows.append(row[index]) } }
            expectEqual(rows, try mel.power(of: signal).elements, "\(padding)")
        }
    }

    @Test func `a stream whose hop is longer than its frame skips the samples between`() throws {
        let layout = try FrameLayout(fftLength: 64, hopLength: 200, padding: .none)
        let mel = MelSpectrogram(try MelConfiguration(sampleRate: 8000, layout: layout, melBinCount: 8))
        let signal = testSignal(count: 1000)
        let power = try mel.power(of: signal)
        #expect(power.shape == [5, 8])
        for frame in 0..<5 {
            let alone = try mel.power(of: Array(signal[frame * 200..<frame * 200 + 64]))
            expectEqual(Array(power.elements[frame * 8..<frame * 8 + 8]), alone.elements, "frame \(frame)")
        }
    }

    @Test(arguments: [0, 1, 511, 512, 513, 4095, 4096, 33_074, 33_075])
    func `legacy features have one frame for every begun hop`(count: Int) throws {
        let power = try MelSpectrogram(.legacy).power(of: testSignal(count: count))
        #expect(power.shape == [1 + count / 512, 2048])
    }

    @Test func `twice the signal has four times the power, bit for bit`() throws {
        let mel = MelSpectrogram(.legacy)
        let signal = testSignal(count: 5000)
        let power = try mel.power(of: signal)
        let louder = try mel.power(of: signal.map { 2 * $0 })
        expectEqual(louder.elements, power.elements.map { 4 * $0 })
    }

    @Test func `a NaN in a later piece is refused with its index in the whole signal`() throws {
        var stream = MelSpectrogram(.legacy).makeStream()
        try stream.append(testSignal(count: 700)) { _ in }
        #expect(throws: SignalError.notFinite(what: "Samples", index: 703, value: "-inf")) {
            try stream.append([0, 0, 0, -.infinity]) { _ in }
        }
    }
}
