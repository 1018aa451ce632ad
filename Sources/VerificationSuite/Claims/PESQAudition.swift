internal import Verification

/// PESQ over stretches of a film that are long enough for it.
struct PESQAudition {
    private let metric: Metric
    private let sounds: DerivedSounds
    private static let rate = 16_000
    private static let stretchSeconds = 10.0
    /// Stretches scored at most; each starts a program.
    private static let stretchLimit = 12

    /// - Throws: ``NotMeasurable`` without a provider.
    init(_ provider: PESQProvider?, _ sounds: DerivedSounds) throws(NotMeasurable) {
        guard let provider else {
            throw NotMeasurable(
                "no program that scores PESQ was asked for or found",
                remedy: "install the Python module pesq and pass --pesq auto; codecgate doctor says what is missing")
        }
        (metric, self.sounds) = (PESQProvider.metric(provider), sounds)
    }

    /// Scores of the stretches in which something was measured.
    ///
    /// - Throws: ``NotMeasurable`` when none was.
    func scores(of version: FilmVersion) throws -> [Double] {
        let film = sounds.film
        let reference = try sounds.resampled(film.original, to: Self.rate, as: "pesq.reference")
        let test = try sounds.resampled(film.sound(version), to: Self.rate, as: "pesq.\(version.id)")
        let count = min(reference.sampleCount, test.sampleCount)
        let length = Int(Self.stretchSeconds * Double(Self.rate))
        let available = max(1, count / length)
        let taken = min(available, Self.stretchLimit)
        var problem = "the film is too short"
        let scores = try (0..<taken).compactMap { index -> Double? in
            let start = index * available / taken * length
            let range = start..<min(count, start + length)
            let pair = AudioPair(
                reference: try reference.samples(range), test: try test.samples(range), sampleRate: Self.rate)
            switch SegmentValue.Result(metric.measure(pair)) {
            case .value(let score): return score
            case .notApplicable(let reason), .failed(let reason):
                problem = reason
                return nil
            }
        }
        guard !scores.isEmpty else { throw NotMeasurable("PESQ scored no stretch: \(problem)") }
        return scores
    }
}
