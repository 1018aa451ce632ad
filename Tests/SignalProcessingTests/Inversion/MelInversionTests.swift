import NumericCore
import SignalProcessing
import TestSupport
import Testing

struct MelInversionTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let key: String
        let rate: Int
        let fft: Int
        let mels: Int
        let librosaResidual: Double
        let leastResidual: Double
        let norm: Double

        var testDescription: String { key }

        func filterBank() throws -> MelFilterBank {
            let layout = try FrameLayout(fftLength: fft, hopLength: 1)
            return try MelConfiguration(sampleRate: rate, layout: layout, melBinCount: mels).filterBank
        }
    }

    static func cases() throws -> [Case] { try SignalGolden<Case>("nnls").cases }

    private func mel(_ golden: Case) throws -> Tensor<Float> {
        try SignalGolden<Case>("nnls").array("nnls", golden.key + "_mel").float32()
    }

    /// A x with every weight, zeros too.
    private func filtered(_ power: Tensor<Float>, _ bank: MelFilterBank) -> [[Double]] {
        var matrix = [[(bin: Int, weight: Double)]](repeating: [], count: bank.melBinCount)
        for filter in 0..<bank.melBinCount {
            for bin in 0..<bank.spectrumBinCount {
                let weight = Double(bank.weight(filter: filter, bin: bin))
                if weight > 0 { matrix[filter].append((bin, weight)) }
            }
        }
        return (0..<power.shape[0]).map { frame in
            matrix.map { row in row.reduce(0) { $0 + $1.weight * Double(power[frame, $1.bin]) } }
        }
    }

    private func residual(_ power: Tensor<Float>, _ mel: Tensor<Float>, _ bank: MelFilterBank) -> Double {
        var energy = 0.0
        for (frame, row) in filtered(power, bank).enumerated() {
            for (filter, value) in row.enumerated() {
                let difference = value - Double(mel[frame, filter])
                energy += difference * difference
            }
        }
        return energy.squareRoot()
    }

    @Test(arguments: try cases())
    func `the residual is at most 1 percent above librosa's and never below the least possible`(
        _ golden: Case
    ) throws {
        let bank = try golden.filterBank()
        let mel = try mel(golden)
        let power = try MelInversion(bank).power(of: mel)
        #expect(power.shape == [mel.shape[0], bank.spectrumBinCount])
        #expect(power.elements.allSatisfy { $0 >= 0 && $0.isFinite })
        let residual = residual(power, mel, bank)
        // Rounding the result to float32 alone leaves 2^-24 of the target.
        let bound = try SignalGolden<Case>("nnls").bound("residualRatio") * golden.librosaResidual
        #expect(residual <= bound + 0x1p-24 * golden.norm)
        #expect(residual >= golden.leastResidual * (1 - 1e-6))
    }

    @Test(arguments: try cases().filter { !$0.key.hasSuffix("loud") })
    func `the start is the clipped solution of the pseudo-inverse`(_ golden: Case) throws {
        let data = try SignalGolden<Case>("nnls")
        let power = try MelInversion(try golden.filterBank(), sweepLimit: 0).power(of: try mel(golden))
        let expected = try data.floats("nnls", golden.key + "_start")
        expectClose(power.elements, expected, bound: try data.bound("start"), relativeTo: .peak)
    }

    @Test func `many sweeps reach the least residual that SciPy's exact solver finds`() throws {
        let golden = try #require(try Self.cases().first { $0.key == "legacy_predicted" })
        let bank = try golden.filterBank()
        let mel = try mel(golden)
        let power = try MelInversion(bank, sweepLimit: 2000, tolerance: 0).power(of: mel)
        // The start is 8e-6 above the least residual; what float32 results can tell is 1e-7 of it.
        #expect(residual(power, mel, bank) <= golden.leastResidual * (1 + 2e-7))
    }

    @Test func `a spectrum's own mel power is met`() throws {
        let bank = MelConfiguration.legacy.filterBank
        let power = testSignal(count: 3 * 2049).map { $0 * $0 }
        let mel = Tensor(
            filtered(Tensor(power, shape: [3, 2049]), bank).flatMap { $0.map { Float($0) } }, shape: [3, 2048])
        let found = try MelInversion(bank).power(of: mel)
        let norm = mel.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(residual(found, mel, bank) <= 1e-3 * norm)
    }

    /// One case whose frames stop after different numbers of sweeps, and one with more frames than lanes.
    @Test(arguments: try cases().filter { $0.key.hasSuffix("_predicted") })
    func `a frame's result is the same bits alone, among others and at any place`(_ golden: Case) throws {
        let inversion = try MelInversion(try golden.filterBank())
        let mel = try mel(golden)
        let all = try inversion.magnitudes(of: mel)
        let (first, width) = (3, all.shape[1])
        for count in [1, 4, 5, 7, 8, 9, 17] where first + count <= mel.shape[0] {
            let rows = Array(mel.elements[first * golden.mels..<(first + count) * golden.mels])
            let part = try inversion.magnitudes(of: Tensor(rows, shape: [count, golden.mels]))
            let expected = Array(all.elements[first * width..<(first + count) * width])
            expectEqual(part.elements, expected, "\(count) frames")
        }
        let power = try inversion.power(of: mel)
        expectEqual(all.elements, power.elements.map { $0.squareRoot() })
    }

    @Test func `silence and no frame at all stay what they are`() throws {
        let inversion = try MelInversion(MelConfiguration.legacy.filterBank)
        let silence = try inversion.power(of: Tensor(repeating: 0, shape: [2, 2048]))
        #expect(silence.shape == [2, 2049] && silence.elements.allSatisfy { $0 == 0 })
        #expect(try inversion.power(of: Tensor(repeating: 0, shape: [0, 2048])).shape == [0, 2049])
    }

    @Test(arguments: [1, 2, 3])
    func `banks of very few filters are inverted too, a single one by its weights`(melBinCount: Int) throws {
        let layout = try FrameLayout(fftLength: 16, hopLength: 4)
        let bank = try MelConfiguration(sampleRate: 8000, layout: layout, melBinCount: melBinCount).filterBank
        let mel = Tensor([Float](repeating: 0.25, count: melBinCount), shape: [1, melBinCount])
        let power = try MelInversion(bank, sweepLimit: 0).power(of: mel)
        #expect(residual(power, mel, bank) <= 1e-6)
        if melBinCount == 1 {
            // The least-norm solution of a x = b is a b / |a|^2.
            let weights = (0..<9).map { Double(bank.weight(filter: 0, bin: $0)) }
            let norm = weights.reduce(0) { $0 + $1 * $1 }
            let expected = weights.map { $0 * 0.25 / norm }
            expectClose(power.elements.map { Double($0) }, expected, bound: 1e-6, relativeTo: .peak)
        }
    }

    @Test func `what is no mel power is refused`() throws {
        let inversion = try MelInversion(MelConfiguration.legacy.filterBank)
        var values = [Float](repeating: 1, count: 2048)
        #expect(throws: SignalError.self) { try inversion.power(of: Tensor(values, shape: [2048, 1])) }
        #expect(throws: SignalError.self) { try inversion.power(of: Tensor(values, shape: [2048])) }
        values[1999] = -80
        #expect(throws: SignalError.negative(what: "Mel powers", index: 1999, value: -80)) {
            try inversion.power(of: Tensor(values, shape: [1, 2048]))
        }
        values[3] = .nan
        #expect(throws: SignalError.notFinite(what: "Mel powers", index: 3, value: "nan")) {
            try inversion.magnitudes(of: Tensor(values, shape: [1, 2048]))
        }
        #expect(throws: SignalError.self) { _ = try MelInversion(inversion.filterBank, sweepLimit: -1) }
        #expect(throws: SignalError.self) { _ = try MelInversion(inversion.filterBank, tolerance: .nan) }
    }
}
