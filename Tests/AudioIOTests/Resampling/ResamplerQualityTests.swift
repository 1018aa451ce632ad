import AudioIO
import Foundation
import Testing

@Suite("The resampler's pass band is flat and its alias level low")
struct ResamplerQualityTests {
    static let pairs = [
        (44100, 24000), (48000, 24000), (16000, 24000), (22050, 24000), (8000, 24000), (24000, 44100), (192_000, 24000),
    ]

    /// The bounds are what libsoxr states for HQ.
    ///
    /// A roll-off of at most 0.01 dB up to 0.913 of the lower Nyquist frequency; beside the tone (images,
    /// interpolation and rounding noise) less than 20 bits, -120 dB.
    @Test("tones up to 0.91 of Nyquist keep their amplitude and bring no images", arguments: pairs)
    func passBand(source: Int, target: Int) throws {
        let nyquist = Double(min(source, target)) / 2
        var (ripple, image) = (0.0, 0.0)
        for step in 1...24 {
            let frequency = nyquist * 0.91 * Double(step) / 24
            let found = try resample(SineFit.tone(frequency, rate: source, count: source / 4), from: source, to: target)
            let fit = SineFit.fit(interior(found), frequency: frequency, rate: target)
            ripple = max(ripple, abs(decibels(fit.amplitude)))
            image = max(image, fit.residual)
        }
        print(
            "resampler \(source)->\(target): ripple \(String(format: "%.5f dB, images %.1f dB", ripple, decibels(image)))"
        )
        #expect(ripple <= 0.01)
        #expect(decibels(image) <= -120)
    }

    /// Everything above the new Nyquist frequency must vanish below 20 bits, -120 dB.
    @Test("tones above the new Nyquist frequency vanish", arguments: pairs.filter { $0.0 > $0.1 })
    func stopBand(source: Int, target: Int) throws {
        let (lowest, highest) = (Double(target) / 2 + 20, Double(source) / 2 - 20)
        var alias = 0.0
        for step in 0...24 {
            let frequency = lowest + (highest - lowest) * Double(step) / 24
            let found = try resample(SineFit.tone(frequency, rate: source, count: source / 4), from: source, to: target)
            alias = max(alias, SineFit.level(interior(found)))
        }
        print("resampler \(source)->\(target): aliases \(String(format: "%.1f dB", decibels(alias)))")
        #expect(decibels(alias) <= -120)
    }

    /// Without the ends, where the tone's onset is a step with a spectrum of its own.
    private func interior(_ signal: [Float]) -> ArraySlice<Float> {
        signal[(signal.count / 4)..<(3 * signal.count / 4)]
    }

    private func decibels(_ amplitude: Double) -> Double { 20 * log10(amplitude) }
}
