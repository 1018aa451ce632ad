import NumericCore
import SignalProcessing
import TestSupport
import Testing

struct MelReconstructionTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let rate: Int
        let fft: Int
        let hop: Int
        let mels: Int
        let seed: UInt32
        let librosaFloat32Error: Double
        let convergence: Double

        var testDescription: String { name }

        func configuration() throws -> MelConfiguration {
            let layout = try FrameLayout(fftLength: fft, hopLength: hop)
            return try MelConfiguration(sampleRate: rate, layout: layout, melBinCount: mels)
        }
    }

    @Test(arguments: try SignalGolden<Case>("reconstruction").cases)
    func `from librosa's start and phases mel power becomes librosa's signal`(_ golden: Case) throws {
        let data = try SignalGolden<Case>("reconstruction")
        let mel = try data.array("reconstruction", golden.name + "_mel").float32()
        let expected = try data.floats("reconstruction", golden.name + "_signal")
        let configuration = try golden.configuration()
        let reconstruction = try MelReconstruction(
            MelInversion(configuration.filterBank, sweepLimit: 0), GriffinLim(configuration.layout))
        let signal = try reconstruction.signal(ofMelPower: mel, phases: .numpy(seed: golden.seed))
        try #require(signal.count == expected.count)
        let error = zip(signal, expected).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        let norm = expected.reduce(0) { $0 + Double($1) * Double($1) }
        let bound = try data.bound("signalFactor") * golden.librosaFloat32Error
        #expect((error / norm).squareRoot() <= bound)
    }

    @Test func `blocks of frames give the bits of the two steps one after the other`() throws {
        let layout = try FrameLayout(fftLength: 128, hopLength: 32)
        let configuration = try MelConfiguration(sampleRate: 8000, layout: layout, melBinCount: 20)
        let mel = try MelSpectrogram(configuration).power(of: testSignal(count: 4999))
        #expect(mel.shape[0] > 2 * 64)
        let whole = try GriffinLim(layout).signal(
            of: MelInversion(configuration.filterBank).magnitudes(of: mel), phases: .random(seed: 4),
            sampleCount: 4999)
        let signal = try MelReconstruction(configuration)
            .signal(ofMelPower: mel, phases: .random(seed: 4), sampleCount: 4999)
        expectEqual(signal, whole)
        #expect(signal.count == 4999)
    }

    /// Griffin-Lim keeps the energy of the magnitudes but for what no signal can have.
    @Test func `the level and the length of a recording come back`() throws {
        let source = testSignal(count: 11_111).map { 0.01 * $0 }
        var features = try MelSpectrogram(.legacy).power(of: source)
        let reference = try DecibelScale.legacy.convert(&features)
        let power = try DecibelScale.power(ofDecibels: features.elements, reference: reference)
        let signal = try MelReconstruction(.legacy).signal(
            ofMelPower: Tensor(power, shape: features.shape), phases: .random(seed: 0), sampleCount: source.count)
        #expect(signal.count == source.count)
        let energy = { (values: [Float]) in values.reduce(0.0) { $0 + Double($1) * Double($1) } }
        #expect((0.8...1.1).contains((energy(signal) / energy(source)).squareRoot()))
    }

    @Test func `parts that do not fit and mel power that cannot be are refused`() throws {
        let layout = try FrameLayout(fftLength: 64, hopLength: 16)
        let inversion = try MelInversion(MelConfiguration.legacy.filterBank)
        #expect(throws: SignalError.self) { _ = try MelReconstruction(inversion, GriffinLim(layout)) }
        let reconstruction = try MelReconstruction(
            MelConfiguration(sampleRate: 8000, layout: layout, melBinCount: 4))
        #expect(throws: SignalError.self) {
            try reconstruction.signal(ofMelPower: Tensor([1, 1], shape: [1, 2]), phases: .zero)
        }
        #expect(throws: SignalError.notFinite(what: "Mel powers", index: 3, value: "nan")) {
            try reconstruction.signal(ofMelPower: Tensor([1, 1, 1, .nan], shape: [1, 4]), phases: .zero)
        }
        #expect(try reconstruction.signal(ofMelPower: Tensor([], shape: [0, 4]), phases: .zero).isEmpty)
    }
}
