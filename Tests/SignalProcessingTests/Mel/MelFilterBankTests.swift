import Foundation
import NumericCore
import SignalProcessing
import TestSupport
import Testing

struct MelFilterBankTests {
    struct Filters: Decodable, Sendable, CustomTestStringConvertible {
        let key: String
        let rate: Int
        let fft: Int
        let mels: Int
        let minimum: Double
        let maximum: Double?
        let normalization: String
        let empty: Int

        var testDescription: String { key }

        func filterBank() throws -> MelFilterBank {
            let normalization = try #require(MelFilterBank.Normalization(rawValue: normalization))
            return try MelConfiguration(
                sampleRate: rate, layout: FrameLayout(fftLength: fft, hopLength: 1), melBinCount: mels,
                minimumFrequency: minimum, maximumFrequency: maximum, normalization: normalization
            ).filterBank
        }
    }

    private struct Manifest: Decodable { let filters: [Filters] }

    static func filters() throws -> [Filters] {
        let data = try Data(contentsOf: Repository.golden("signal/mel/manifest.json"))
        let filters = try JSONDecoder().decode(Manifest.self, from: data).filters
        try #require(filters.count == 6)
        return filters
    }

    @Test(arguments: try filters())
    func `weights equal librosa's, and the same ones are zero`(_ golden: Filters) throws {
        let data = try SignalGolden<MelSpectrogramTests.Case>("mel")
        let counts = try data.array("filters", golden.key + "_counts").int32().elements.map { Int($0) }
        let first = try data.array("filters", golden.key + "_first").int32().elements.map { Int($0) }
        let weights = try data.floats("filters", golden.key + "_weights")
        let bank = try golden.filterBank()
        #expect(bank.emptyFilterCount == golden.empty)
        var offset = 0
        var wrongZeros = 0
        var actual: [Float] = []
        for filter in 0..<golden.mels {
            for bin in 0..<bank.spectrumBinCount {
                let inside = bin >= first[filter] && bin < first[filter] + counts[filter]
                let weight = bank.weight(filter: filter, bin: bin)
                if inside { actual.append(weight) }
                if inside != (weight > 0) { wrongZeros += 1 }
            }
            offset += counts[filter]
        }
        #expect(offset == weights.count)
        #expect(wrongZeros == 0)
        let (bound, peak) = (try data.bound("filter"), Double(weights.max() ?? 0))
        let failures = zip(actual, weights).count { actual, expected in
            !((Double(actual) - Double(expected)).magnitude <= bound * Double(expected) + 1e-12 * peak)
        }
        #expect(actual.count == weights.count && failures == 0)
    }

    /// Numbers of the project's fact sheet, observed in librosa.
    @Test func `128 filters at 22050 Hz have the published corner weight and sum`() throws {
        let layout = try FrameLayout(fftLength: 2048, hopLength: 512)
        let bank = try MelConfiguration(sampleRate: 22_050, layout: layout, melBinCount: 128).filterBank
        expectClose([bank.weight(filter: 0, bin: 1)], [0.016182853208219942], bound: 1e-7, relativeTo: .peak)
        var sum = 0.0
        for filter in 0..<128 {
            for bin in 0..<1025 { sum += Double(bank.weight(filter: filter, bin: bin)) }
        }
        expectClose([sum], [11.88668128955846], bound: 1e-6, relativeTo: .peak)
        #expect(MelConfiguration.legacy.filterBank.emptyFilterCount == 303)
    }

    @Test func `the scale and its inverse meet at the knee and everywhere else`() {
        #expect(MelScale.mel(hertz: 0) == 0)
        expectClose(
            [MelScale.mel(hertz: 1000), MelScale.mel(hertz: 6400)], [15, 42], bound: 1e-15, relativeTo: .peak)
        let frequencies = stride(from: 0.0, through: 12_000, by: 37.5).map { $0 }
        let back = frequencies.map { MelScale.hertz(mel: MelScale.mel(hertz: $0)) }
        expectClose(back, frequencies, bound: 1e-14, relativeTo: .peak)
    }

    @Test func `settings that make no filters are refused`() throws {
        let layout = FrameLayout.legacy
        let build = { (rate: Int, mels: Int, low: Double, high: Double?) throws(SignalError) in
            try MelConfiguration(
                sampleRate: rate, layout: layout, melBinCount: mels, minimumFrequency: low, maximumFrequency: high)
        }
        #expect(throws: SignalError.self) { try build(0, 40, 0, nil) }
        #expect(throws: SignalError.self) { try build(8000, 0, 0, nil) }
        #expect(throws: SignalError.self) { try build(8000, 40, -1, nil) }
        #expect(throws: SignalError.self) { try build(8000, 40, .nan, nil) }
        #expect(throws: SignalError.self) { try build(8000, 40, 500, 500) }
        #expect(throws: SignalError.self) { try build(8000, 40, 0, 4001) }
        #expect(throws: Never.self) { try build(8000, 40, 500, 4000) }
    }
}
