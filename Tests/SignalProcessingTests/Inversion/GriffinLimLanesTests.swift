import NumericCore
import TestSupport
import Testing

@testable import SignalProcessing

struct GriffinLimLanesTests {
    struct Shape: CustomTestStringConvertible, Sendable {
        let fft: Int
        let hop: Int
        let iterations: Int
        let frames: Int
        var extra = 0

        var testDescription: String {
            "\(fft)/\(hop), \(iterations) iterations, \(frames) frames, \(extra) samples more"
        }
    }

    private func signal(
        _ griffinLim: GriffinLim, _ magnitudes: Tensor<Float>, phases: InitialPhases, sampleCount: Int? = nil,
        engine: GriffinLimStream.Engine
    ) throws -> [Float] {
        let frameCount = magnitudes.shape[0]
        let stream = GriffinLimStream(
            griffinLim, frameCount: frameCount,
            sampleCount: sampleCount ?? max(0, frameCount - 1) * griffinLim.layout.hopLength, phases: phases,
            engine: engine)
        var signal: [Float] = []
        try stream.append(magnitudes) { signal += $0 }
        return signal
    }

    private func magnitudes(frames: Int, bins: Int) -> Tensor<Float> {
        Tensor(testSignal(count: frames * bins).map { $0.magnitude + 0.01 }, shape: [frames, bins])
    }

    static let shapes: [Shape] = [
        Shape(fft: 64, hop: 8, iterations: 1, frames: 1), Shape(fft: 64, hop: 8, iterations: 5, frames: 30, extra: 5),
        Shape(fft: 64, hop: 16, iterations: 16, frames: 2), Shape(fft: 64, hop: 32, iterations: 17, frames: 7),
        Shape(fft: 64, hop: 64, iterations: 3, frames: 9, extra: 31), Shape(fft: 4, hop: 2, iterations: 4, frames: 11),
        Shape(fft: 8, hop: 1, iterations: 3, frames: 20), Shape(fft: 256, hop: 64, iterations: 8, frames: 100),
        Shape(fft: 4096, hop: 512, iterations: 4, frames: 20), Shape(fft: 64, hop: 8, iterations: 33, frames: 3),
        Shape(fft: 64, hop: 8, iterations: 2, frames: 0),
    ]

    @Test("Lanes give the signal of one stage an iteration", arguments: shapes)
    func twin(shape: Shape) throws {
        let layout = try FrameLayout(fftLength: shape.fft, hopLength: shape.hop)
        let griffinLim = try GriffinLim(layout, iterationCount: shape.iterations)
        let magnitudes = magnitudes(frames: shape.frames, bins: layout.binCount)
        let count = max(0, shape.frames - 1) * shape.hop + shape.extra
        let signals = try GriffinLimStream.Engine.allCases.map {
            try signal(griffinLim, magnitudes, phases: .random(seed: 1), sampleCount: count, engine: $0)
        }
        #expect(signals[1].count == count)
        // Rounding grows with each iteration where a bin nearly vanishes; a wrong frame or window gives errors near 1.
        expectClose(signals[1], signals[0], bound: 1e-3, relativeTo: .peak)
    }

    @Test(
        "Lanes give librosa's signal, sample by sample, after 32 iterations too", arguments: try GriffinLimTests.cases()
    )
    func golden(_ golden: GriffinLimTests.Case) throws {
        let data = try SignalGolden<GriffinLimTests.Case>("griffinlim")
        let magnitudes = try data.array("griffinlim", golden.name + "_magnitude").float32()
        for run in golden.runs where run.iterations > 0 {
            let griffinLim = try GriffinLim(golden.layout(), iterationCount: run.iterations, momentum: run.momentum)
            let signal = try signal(
                griffinLim, magnitudes, phases: .numpy(seed: golden.seed), sampleCount: run.length, engine: .lanes)
            let expected = try data.floats("griffinlim", run.key)
            let bound = max(try data.bound("signalFloor"), try data.bound("signalFactor") * run.librosaFloat32Error)
            let error = signal.count == expected.count ? Self.relativeError(signal, expected) : .infinity
            #expect(error <= bound, "\(run.key)")
        }
    }

    private static func relativeError(_ actual: [Float], _ expected: [Float]) -> Double {
        var (error, norm) = (0.0, 0.0)
        for (actual, expected) in zip(actual, expected) {
            error += (Double(actual) - Double(expected)) * (Double(actual) - Double(expected))
            norm += Double(expected) * Double(expected)
        }
        return (error / norm).squareRoot()
    }

    @Test("Lanes carry a level of any size over", arguments: [Float(0x1p-60), 0x1p-50, 0x1p50, 0x1p55])
    func levels(scale: Float) throws {
        let griffinLim = try GriffinLim(FrameLayout(fftLength: 64, hopLength: 16), iterationCount: 4)
        let values = testSignal(count: 12 * 33).map { $0.magnitude }
        let signals = try [1, scale].map { scale in
            try signal(
                griffinLim, Tensor(values.map { $0 * scale }, shape: [12, 33]), phases: .random(seed: 2),
                engine: .lanes)
        }
        // As for stages: powers of 2 change no digits, only the length of a bin is rounded by another path.
        expectClose(signals[1].map { $0 / scale }, signals[0], bound: 1e-5, relativeTo: .peak)
    }

    @Test("In lanes silence stays silence, and silent stretches are finite")
    func silence() throws {
        let griffinLim = try GriffinLim(.legacy, iterationCount: 9)
        let silent = try signal(
            griffinLim, Tensor(repeating: 0, shape: [12, 2049]), phases: .random(seed: 0), engine: .lanes)
        #expect(silent == [Float](repeating: 0, count: 11 * 512))
        var values = testSignal(count: 60 * 33).map { $0.magnitude }
        for index in 20 * 33..<40 * 33 { values[index] = 0 }
        let small = try GriffinLim(FrameLayout(fftLength: 64, hopLength: 8), iterationCount: 6)
        let signals = try GriffinLimStream.Engine.allCases.map {
            try signal(small, Tensor(values, shape: [60, 33]), phases: .random(seed: 3), engine: $0)
        }
        expectClose(signals[1], signals[0], bound: 1e-3, relativeTo: .peak)
    }

    @Test("Lanes are taken where there is enough to do, and pieces of any size give their bits")
    func choice() throws {
        #expect(LaneChain.suits(.legacy, iterationCount: 32, frameCount: 431))
        #expect(!LaneChain.suits(.legacy, iterationCount: 32, frameCount: 20))
        #expect(!LaneChain.suits(.legacy, iterationCount: 2, frameCount: 431))
        #expect(!LaneChain.suits(try FrameLayout(fftLength: 96, hopLength: 32), iterationCount: 32, frameCount: 431))
        let griffinLim = try GriffinLim(FrameLayout(fftLength: 64, hopLength: 8), iterationCount: 20)
        let magnitudes = magnitudes(frames: 80, bins: 33)
        let whole = try griffinLim.signal(of: magnitudes, phases: .random(seed: 5))
        expectEqual(whole, try signal(griffinLim, magnitudes, phases: .random(seed: 5), engine: .lanes))
        let stream = try griffinLim.makeStream(frameCount: 80, phases: .random(seed: 5))
        var pieces: [Float] = []
        for frame in 0..<80 {
            let row = Array(magnitudes.elements[frame * 33..<(frame + 1) * 33])
            try stream.append(Tensor(row, shape: [1, 33])) { pieces += $0 }
        }
        expectEqual(pieces, whole)
    }
}
