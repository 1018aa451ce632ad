import Testing

@testable import Verification

/// The values that NumPy, pystoi, auraloss and audiotools gave for `clean(24000, 4)` and the same plus 0.02 noise.
@Suite("Metrics meet the values of their references")
struct ReferenceTableTests {
    static let x = FormulaSignals.clean(rate: 24000, seconds: 4)
    static let y = FormulaSignals.noisy(x, 0.02)
    static let pair = AudioPair(reference: x, test: y, sampleRate: 24000)

    struct Case: Sendable, CustomTestStringConvertible {
        let metric: Metric
        let expected: Double
        /// Absolute for dB and intelligibility, relative for the rest.
        let bound: Double
        var testDescription: String { metric.descriptor.id }
    }

    static let cases = [
        Case(metric: .signalToNoise, expected: 12.753682177146057, bound: 1e-6),
        Case(metric: .scaleInvariantSDR(), expected: 12.768500460308697, bound: 1e-6),
        Case(metric: .scaleInvariantSDR(.plain), expected: 12.768481759293913, bound: 1e-6),
        Case(metric: .stoi, expected: 0.9228730444629034, bound: 1e-6),
        Case(metric: .extendedSTOI, expected: 0.3394468581132156, bound: 1e-6),
        Case(metric: .multiResolutionSTFT, expected: 6.043871110544611, bound: 6e-6),
        Case(metric: .multiScaleSTFT, expected: 13.863623263655832, bound: 1.4e-5),
        Case(metric: .melDistanceDAC, expected: 8.212089068076972, bound: 8e-6),
        Case(metric: .melDistanceAudiotools, expected: 6.439502460526338, bound: 6e-6),
        Case(metric: .logSpectralDistance(.power1e8), expected: 58.06204539703431, bound: 6e-5),
    ]

    @Test("the test signals have the energies of the table")
    func signals() {
        #expect(abs(FormulaSignals.energy(Self.x) - 242.16410754072436) < 1e-10)
        #expect(abs(FormulaSignals.energy(Self.y) - 255.82237344163752) < 1e-10)
        #expect(abs(Self.x[3] - 2.0560569203937093e-07) < 1e-20)
        #expect(
            FormulaSignals.noise(4) == [
                0.1364606532878152, -0.5490731421044974, -0.17432336234097634, 0.2607960996791958,
            ])
    }

    @Test("a value of the table is met", arguments: cases)
    func value(_ item: Case) throws {
        let value = try #require(item.metric.measure(Self.pair).number)
        #expect(abs(value - item.expected) <= item.bound, "\(value), not \(item.expected)")
    }

    @Test("the scales of the multi-resolution distance are met one by one")
    func scales() throws {
        guard case .value(let found) = Metric.multiResolutionSTFT.measure(Self.pair) else {
            return #expect(Bool(false))
        }
        let expected = [
            ("convergence_1024", 0.22012495), ("log_magnitude_1024", 5.84917686), ("convergence_2048", 0.22148603),
            ("log_magnitude_2048", 6.11060681), ("convergence_512", 0.21795506), ("log_magnitude_512", 5.51226362),
        ]
        // The table gives eight decimals.
        for (name, value) in expected { #expect(abs(try #require(found.detail(name)) - value) <= 5.1e-9) }
    }

    @Test("segmental SNR is met with and without the last frame")
    func segmental() throws {
        let loizou = try #require(Metric.segmentalSNR().measure(Self.pair).number)
        guard case .value(let all) = Metric.segmentalSNR(dropsLastFrame: false).measure(Self.pair) else {
            return #expect(Bool(false))
        }
        #expect(abs(loizou - 5.49788154801085) <= 1e-9 && abs(all.value - 5.516836312893734) <= 1e-9)
        #expect(all.detail("frames") == 530)
    }

    @Test("a constant offset ruins SI-SDR only where means are kept")
    func offset() throws {
        let pair = AudioPair(reference: Self.x, test: Self.y.map { $0 + 0.05 }, sampleRate: 24000)
        let (with, without) = (Metric.scaleInvariantSDR(), Metric.scaleInvariantSDR(.plain))
        #expect(abs(try #require(with.measure(pair).number) - 12.768500460308697) <= 1e-9)
        #expect(abs(try #require(without.measure(pair).number) + 0.17452157962594442) <= 1e-9)
    }

    @Test(
        "a delayed signal scores as in the table",
        arguments: [(24, -7.751467866539208, 0.992948115448901), (320, -6.107523940881386, 0.8966494482401242)])
    func delayed(samples: Int, ratio: Double, intelligibility: Double) throws {
        let pair = AudioPair(reference: Self.x, test: FormulaSignals.delayed(Self.x, samples), sampleRate: 24000)
        #expect(abs(try #require(Metric.scaleInvariantSDR().measure(pair).number) - ratio) <= 1e-9)
        #expect(abs(try #require(Metric.stoi.measure(pair).number) - intelligibility) <= 1e-9)
    }

    @Test("a delay of 300 ms leaves STOI at the table's value")
    func late() throws {
        let pair = AudioPair(reference: Self.x, test: FormulaSignals.delayed(Self.x, 7200), sampleRate: 24000)
        #expect(abs(try #require(Metric.stoi.measure(pair).number) - 0.6451886358308108) <= 1e-9)
    }

    @Test(
        "intelligibility of the formula signals is met at four rates",
        arguments: [
            (10000, 0.907655593732228, 0.3489735058187005), (16000, 0.918196760758735, 0.35640728939029237),
            (22050, 0.9212179906694385, 0.34997657294284407), (24000, 0.9228730444629034, 0.3394468581132156),
        ])
    func rates(rate: Int, plain: Double, extended: Double) throws {
        let x = FormulaSignals.clean(rate: rate, seconds: 4)
        let pair = AudioPair(reference: x, test: FormulaSignals.noisy(x, 0.02), sampleRate: rate)
        #expect(abs(try #require(Metric.stoi.measure(pair).number) - plain) <= 1e-9)
        #expect(abs(try #require(Metric.extendedSTOI.measure(pair).number) - extended) <= 1e-9)
    }

    @Test("the resampler's filter and output are those of pystoi")
    func resampler() {
        for (rate, count) in [(24000, 871), (16000, 581), (48000, 1741), (8000, 365), (22050, 31947), (44100, 31947)] {
            #expect(PolyphaseResampler(from: rate, to: 10000).taps.count == count)
        }
        let resampler = PolyphaseResampler(from: 24000, to: 10000)
        let up = Double(resampler.up)
        #expect(abs(resampler.taps[435] / up - 0.08334006059228354) <= 1e-15)
        #expect(abs(resampler.taps[436] / up - 0.08239019565383227) <= 1e-15)
        #expect(abs(resampler.taps[0] / up - 1.0550075326297209e-05) <= 1e-18)
        let output = resampler.resample(AudioSamples(Self.x))
        #expect(output.count == 40000 && abs(FormulaSignals.energy(output) - 100.92044698294549) <= 1e-10)
        #expect(abs(output[1000] - 0.08681219584870915) <= 1e-14 && abs(output[1002] - 0.09935634230767762) <= 1e-14)
    }

    @Test("the mel filters are librosa's")
    func melBasis() {
        let cd = SlaneyMelBasis(sampleRate: 22050, fftLength: 2048, melCount: 128)
        #expect(cd.firstBin[0] == 1 && abs(cd.weights[0] - 0.016182853208219942) <= 1e-9)
        #expect(abs(cd.weights.reduce(0, +) - 11.88668128955846) <= 1e-5)
        #expect(abs(cd.weights.reduce(0, max) - 0.038421704487480064) <= 1e-8)
        let codec = SlaneyMelBasis(sampleRate: 24000, fftLength: 2048, melCount: 128)
        #expect(abs(codec.weights[0] - 0.016775214118403863) <= 1e-9)
        #expect(abs(codec.weights.reduce(0, +) - 10.921033296200648) <= 1e-5)
    }

    @Test(
        "a full-scale tone of 997 Hz is as loud as the standard says, at every rate",
        arguments: [(16000, 0.05), (44100, 0.006), (48000, 0.006)])
    func tone(rate: Int, bound: Double) throws {
        let tone = (0..<2 * rate).map { PlainCosine.sine(2 * Double.pi * 997 * Double($0) / Double(rate)) }
        let loudness = try #require(Loudness.integrated(AudioSamples(tone), sampleRate: rate))
        // BS.1770: -3.01 LKFS, two decimals, at 48 kHz; the bilinear transform bends the shelf at low rates.
        #expect(abs(loudness + 3.01) <= bound)
    }

    @Test("the loudness filters at 48 kHz are the standard's table")
    func loudnessFilters() {
        let (shelf, highPass) = Loudness.weighting(48000)
        let expected = [
            (shelf.b0, 1.53512485958697), (shelf.b1, -2.69169618940638), (shelf.b2, 1.19839281085285),
            (shelf.a1, -1.69065929318241), (shelf.a2, 0.73248077421585), (highPass.a1, -1.99004745483398),
            (highPass.a2, 0.99007225036621),
        ]
        for (found, wanted) in expected { #expect(abs(found - wanted) <= 1e-8) }
    }
}
