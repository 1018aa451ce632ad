import NumericCore
import SignalProcessing
import TestSupport
import Testing

struct GriffinLimTests {
    struct Run: Decodable, Sendable {
        let key: String
        let iterations: Int
        let momentum: Float
        let length: Int?
        let librosaFloat32Error: Double
        let convergence: Double
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let fft: Int
        let hop: Int
        let seed: UInt32
        let runs: [Run]
        let convergenceOverSeeds: [Double]
        let onesFloat32Error: Double

        var testDescription: String { name }

        func layout() throws -> FrameLayout { try FrameLayout(fftLength: fft, hopLength: hop) }
    }

    static func cases() throws -> [Case] { try SignalGolden<Case>("griffinlim").cases }

    private func magnitudes(_ golden: Case) throws -> Tensor<Float> {
        try SignalGolden<Case>("griffinlim").array("griffinlim", golden.name + "_magnitude").float32()
    }

    /// | |STFT(y)| - S | / | S | in the Frobenius norm.
    private func convergence(_ signal: [Float], _ magnitudes: Tensor<Float>, _ layout: FrameLayout) throws -> Double {
        let values = try ShortTimeFourierTransform(layout).forward(signal).values
        try #require(values.count == 2 * magnitudes.count)
        var (error, norm) = (0.0, 0.0)
        for (index, wanted) in magnitudes.elements.enumerated() {
            let (re, im) = (Double(values[2 * index]), Double(values[2 * index + 1]))
            let difference = (re * re + im * im).squareRoot() - Double(wanted)
            error += difference * difference
            norm += Double(wanted) * Double(wanted)
        }
        return (error / norm).squareRoot()
    }

    private func relativeError(_ actual: [Float], _ expected: [Float]) -> Double {
        guard actual.count == expected.count, actual.allSatisfy({ $0.isFinite }) else { return .infinity }
        var (error, norm) = (0.0, 0.0)
        for (actual, expected) in zip(actual, expected) {
            error += (Double(actual) - Double(expected)) * (Double(actual) - Double(expected))
            norm += Double(expected) * Double(expected)
        }
        return (error / norm).squareRoot()
    }

    @Test(arguments: try cases())
    func `librosa's phases give librosa's signal, sample by sample, after 32 iterations too`(_ golden: Case) throws {
        let data = try SignalGolden<Case>("griffinlim")
        let magnitudes = try magnitudes(golden)
        for run in golden.runs {
            let griffinLim = try GriffinLim(
                golden.layout(), iterationCount: run.iterations, momentum: run.momentum)
            let signal = try griffinLim.signal(
                of: magnitudes, phases: .numpy(seed: golden.seed), sampleCount: run.length)
            let expected = try data.floats("griffinlim", run.key)
            let bound = max(try data.bound("signalFloor"), try data.bound("signalFactor") * run.librosaFloat32Error)
            let error = relativeError(signal, expected)
            #expect(error <= bound, "\(run.key)")
        }
    }

    @Test(arguments: try cases())
    func `phases of 0 give librosa's signal without a random start`(_ golden: Case) throws {
        let data = try SignalGolden<Case>("griffinlim")
        let griffinLim = try GriffinLim(golden.layout(), iterationCount: 2)
        let signal = try griffinLim.signal(of: try magnitudes(golden), phases: .zero)
        let error = relativeError(signal, try data.floats("griffinlim", golden.name + "_ones"))
        #expect(error <= (try data.bound("signalFactor")) * golden.onesFloat32Error)
    }

    private func meanConvergence(_ golden: Case, _ phases: [InitialPhases]) throws -> Double {
        let magnitudes = try magnitudes(golden)
        let griffinLim = try GriffinLim(golden.layout())
        let values = try phases.map { phases in
            try convergence(griffinLim.signal(of: magnitudes, phases: phases), magnitudes, griffinLim.layout)
        }
        #expect(Set(values).count == phases.count)
        return values.reduce(0, +) / Double(values.count)
    }

    @Test(arguments: try cases())
    func `the mean spectral convergence over five seeds is within 0.01 of librosa's`(_ golden: Case) throws {
        let bound = try SignalGolden<Case>("griffinlim").bound("convergence")
        let mean = try meanConvergence(golden, (0..<5).map { .numpy(seed: $0) })
        let expected = golden.convergenceOverSeeds.prefix(5).reduce(0, +) / 5
        expectClose([mean], [expected], bound: bound, relativeTo: .absolute)
    }

    @Test(arguments: try cases())
    func `phases of our own generator converge as well as librosa's, over 40 seeds`(_ golden: Case) throws {
        let bound = try SignalGolden<Case>("griffinlim").bound("convergence")
        let mean = try meanConvergence(golden, (0..<40).map { .random(seed: $0) })
        #expect(golden.convergenceOverSeeds.count == 40)
        let expected = golden.convergenceOverSeeds.reduce(0, +) / 40
        expectClose([mean], [expected], bound: bound, relativeTo: .absolute)
    }

    @Test(arguments: [1, 2, 3, 7, 8, 9, 30])
    func `pieces of any size give the bits of the whole`(pieceLength: Int) throws {
        let layout = try FrameLayout(fftLength: 64, hopLength: 8)
        let griffinLim = try GriffinLim(layout, iterationCount: 5)
        let magnitudes = Tensor(testSignal(count: 30 * 33).map { $0.magnitude }, shape: [30, 33])
        for phases in [InitialPhases.zero, .random(seed: 3), .numpy(seed: 3)] {
            let whole = try griffinLim.signal(of: magnitudes, phases: phases, sampleCount: 235)
            #expect(whole.count == 235)
            let stream = try griffinLim.makeStream(frameCount: 30, sampleCount: 235, phases: phases)
            var signal: [Float] = []
            for start in stride(from: 0, to: 30, by: pieceLength) {
                let count = min(pieceLength, 30 - start)
                let rows = Array(magnitudes.elements[start * 33..<(start + count) * 33])
                try stream.append(Tensor(rows, shape: [count, 33])) { signal += $0 }
            }
            expectEqual(signal, whole, "\(phases)")
        }
    }

    @Test(arguments: [0, 1, 2, 7, 8, 9])
    func `any number of frames gives a signal of as many`(frameCount: Int) throws {
        let layout = try FrameLayout(fftLength: 64, hopLength: 8)
        let magnitudes = Tensor<Float>(repeating: 1, shape: [frameCount, 33])
        let signal = try GriffinLim(layout).signal(of: magnitudes, phases: .random(seed: 1))
        #expect(signal.count == max(0, frameCount - 1) * 8)
        #expect(signal.allSatisfy { $0.isFinite })
        #expect(frameCount < 2 || signal.contains { $0 != 0 })
    }

    @Test func `without iterations it is the inverse transform of the magnitudes`() throws {
        let layout = try FrameLayout(fftLength: 128, hopLength: 32)
        let magnitudes = testSignal(count: 20 * 65).map { $0.magnitude }
        let signal = try GriffinLim(layout, iterationCount: 0)
            .signal(of: Tensor(magnitudes, shape: [20, 65]), phases: .zero)
        let spectrogram = try Spectrogram(magnitudes.flatMap { [$0, 0] }, binCount: 65)
        let expected = try ShortTimeFourierTransform(layout).inverse(spectrogram)
        // Float transforms: 8 log2(128) ulp of the frame's norm is the Fourier goldens' bound; here it is far less.
        expectClose(signal, expected, bound: 1e-6, relativeTo: .peak)
    }

    @Test(arguments: [Float(0x1p-60), 0x1p-50, 0x1p50, 0x1p55])
    func `a level of any size is carried over`(scale: Float) throws {
        let layout = try FrameLayout(fftLength: 64, hopLength: 16)
        let griffinLim = try GriffinLim(layout, iterationCount: 4)
        let values = testSignal(count: 12 * 33).map { $0.magnitude }
        let signal = try griffinLim.signal(of: Tensor(values, shape: [12, 33]), phases: .random(seed: 2))
        let scaled = try griffinLim.signal(
            of: Tensor(values.map { $0 * scale }, shape: [12, 33]), phases: .random(seed: 2))
        // Powers of 2 change no digits; only the scaled length of a bin is rounded by another path.
        expectClose(scaled.map { $0 / scale }, signal, bound: 1e-5, relativeTo: .peak)
    }

    @Test func `silence stays silence`() throws {
        let signal = try GriffinLim(.legacy, iterationCount: 3)
            .signal(of: Tensor(repeating: 0, shape: [12, 2049]), phases: .random(seed: 0))
        #expect(signal == [Float](repeating: 0, count: 11 * 512))
    }

    @Test func `settings and magnitudes that cannot be are refused`() throws {
        #expect(throws: SignalError.self) { try GriffinLim(FrameLayout(fftLength: 64, hopLength: 12)) }
        #expect(throws: SignalError.self) { try GriffinLim(FrameLayout(fftLength: 45, hopLength: 9)) }
        #expect(throws: SignalError.self) {
            try GriffinLim(FrameLayout(fftLength: 64, hopLength: 8, padding: .reflection))
        }
        #expect(throws: SignalError.self) { try GriffinLim(.legacy, iterationCount: -1) }
        #expect(throws: SignalError.self) { try GriffinLim(.legacy, momentum: .nan) }
        let griffinLim = try GriffinLim(FrameLayout(fftLength: 4, hopLength: 2))
        #expect(throws: SignalError.self) {
            try griffinLim.signal(of: Tensor([1, 2, 3, 4], shape: [1, 4]), phases: .zero)
        }
        #expect(throws: SignalError.negative(what: "Magnitudes", index: 1, value: -1)) {
            try griffinLim.signal(of: Tensor([1, -1, 1], shape: [1, 3]), phases: .zero)
        }
        #expect(throws: SignalError.notFinite(what: "Magnitudes", index: 2, value: "inf")) {
            try griffinLim.signal(of: Tensor([1, 1, .infinity], shape: [1, 3]), phases: .zero)
        }
        for wrong in [-1, 1, 4] {
            #expect(throws: SignalError.self) {
                try griffinLim.makeStream(frameCount: 2, sampleCount: wrong, phases: .zero)
            }
        }
        let stream = try griffinLim.makeStream(frameCount: 1, phases: .zero)
        #expect(throws: SignalError.self) { try stream.append(Tensor(repeating: 1, shape: [2, 3])) { _ in } }
    }
}
