import NumericCore
import SignalProcessing
import TestSupport
import Testing

struct DecibelScaleTests {
    private func golden() throws -> SignalGolden<MelSpectrogramTests.Case> { try SignalGolden("mel") }

    @Test func `decibels equal librosa's for fixed and largest references`() throws {
        let data = try golden()
        let scales: [(String, DecibelScale)] = [
            ("value1", try DecibelScale(reference: .value(1))),
            ("value100", try DecibelScale(reference: .value(100), rangeDB: nil)),
            ("max", .legacy),
            ("max60", try DecibelScale(reference: .maximum, leastPower: 1e-5, rangeDB: 60)),
        ]
        for (name, scale) in scales {
            var values = try data.floats("decibels", "power")
            try scale.convert(&values)
            let expected = try data.floats("decibels", name)
            expectClose(values, expected, bound: try data.bound("decibels"), relativeTo: .absolute, name)
        }
    }

    @Test func `powers of decibels equal librosa's`() throws {
        let data = try golden()
        let decibels = try data.floats("decibels", "db")
        let bound = try data.bound("inversePower")
        for (name, reference) in [("db_power", Float(1)), ("db_power_ref", 0.25)] {
            let actual = try DecibelScale.power(ofDecibels: decibels, reference: reference)
            expectClose(actual, try data.floats("decibels", name), bound: bound, relativeTo: .elementwise, name)
        }
    }

    /// Decibels are off by 1.2e-6 (the series) and, between 32 and 64, a rounding of 2^-19: together 7.1e-7 of the power.
    ///
    /// The reference cancels; going back rounds twice by 2^-24. That is 8.3e-7, and 1e-6 is the bound.
    @Test func `the returned reference restores the level`() throws {
        let power = (0..<400).map { Float(19_497) / Float(1 + $0 * $0) }
        var decibels = power
        let reference = try DecibelScale.legacy.convert(&decibels)
        let back = try DecibelScale.power(ofDecibels: decibels, reference: reference)
        expectClose(back, power, bound: 1.5e-6, relativeTo: .elementwise)
    }

    @Test func `silence is 0 dB throughout and nothing stays nothing`() throws {
        var silence = [Float](repeating: 0, count: 9)
        #expect(try DecibelScale.legacy.convert(&silence) == 1e-10)
        #expect(silence == [Float](repeating: 0, count: 9))
        var nothing: [Float] = []
        try DecibelScale.legacy.convert(&nothing)
        #expect(nothing.isEmpty)
    }

    @Test func `what is no power is refused and left alone`() throws {
        var decibels: [Float] = [1, 2, -3]
        #expect(throws: SignalError.negative(what: "Powers", index: 2, value: -3)) {
            try DecibelScale.legacy.convert(&decibels)
        }
        #expect(decibels == [1, 2, -3])
        var broken: [Float] = [1, .nan]
        #expect(throws: SignalError.notFinite(what: "Powers", index: 1, value: "nan")) {
            try DecibelScale.legacy.convert(&broken)
        }
        #expect(throws: SignalError.self) { try DecibelScale(reference: .maximum, leastPower: 0) }
        #expect(throws: SignalError.self) { try DecibelScale(reference: .maximum, rangeDB: -1) }
        #expect(throws: SignalError.self) { try DecibelScale(reference: .value(.nan)) }
    }

    @Test func `codes taken for decibels are refused before they overflow`() {
        #expect {
            try DecibelScale.power(ofDecibels: [12, 1023], reference: 1)
        } throws: { error in
            guard case .powerOverflow(let index, let decibels, let largest)? = error as? SignalError else {
                return false
            }
            return index == 1 && decibels == 1023 && (385...386).contains(largest)
        }
    }
}
