internal import FeaturePipeline
internal import NumericCore
internal import SignalProcessing

/// Makes every sound of the ladder's mel side in one pass and keeps them.
final class MelLadder {
    private let sounds: DerivedSounds
    private var outcome: Result<Void, any Error>?

    /// Griffin-Lim runs with these many seeds: the run's own and those that follow it.
    static let seedCount = 3

    init(_ sounds: DerivedSounds) { self.sounds = sounds }

    private var film: FilmContext { sounds.film }

    /// The sound of a step, at the film's rate.
    func sound(_ step: MelRungs.Step) throws -> StoredSound {
        try prepare()
        return try atFilmRate(Self.name(step))
    }

    /// The sound of Griffin-Lim with the seed of a position, at the film's rate.
    func griffinLim(_ melCase: FilmVersion.MelCase, seedIndex: Int) throws -> StoredSound {
        guard seedIndex > 0 else {
            let sound = try film.sound(.griffinLim(melCase))
            return try sounds.resampled(sound, to: film.clock.sampleRate, as: "ladder.gl_\(melCase.rawValue).0.up")
        }
        try prepare()
        return try atFilmRate(Self.name(melCase, seedIndex))
    }

    private func atFilmRate(_ name: String) throws -> StoredSound {
        let made = try sounds.sound(name) { _ in throw NotMeasurable("the step '\(name)' was not made") }
        return try sounds.resampled(made, to: film.clock.sampleRate, as: "\(name).up")
    }

    private static func name(_ step: MelRungs.Step) -> String { "ladder.\(step.rawValue)" }
    private static func name(_ melCase: FilmVersion.MelCase, _ seedIndex: Int) -> String {
        "ladder.gl_\(melCase.rawValue).\(seedIndex)"
    }

    private func prepare() throws {
        if let outcome { return try outcome.get() }
        let result = Result { try makeAll() }
        outcome = result
        try result.get()
    }

    private func makeAll() throws {
        let rungs = try MelRungs(film)
        let rate = GriffinLimPath.sampleRate
        let steps = try MelRungs.Step.allCases.map { try sounds.recorder(Self.name($0), rate: rate) }
        let cases: [FilmVersion.MelCase] = [.dense, .average]
        let runs = cases.flatMap { melCase in (1..<Self.seedCount).map { (melCase: melCase, seedIndex: $0) } }
        let voices = try runs.map { run in
            try GriffinLimVoice(film, rungs, seed: film.request.seed + UInt64(run.seedIndex))
        }
        let recorders = try runs.map { try sounds.recorder(Self.name($0.melCase, $0.seedIndex), rate: rate) }
        try rungs.run { stretch in
            for (recorder, samples) in zip(steps, stretch.samples) { try recorder.write(samples) }
            let inputs = runs.map { $0.melCase == .dense ? stretch.dense : stretch.average }
            for (index, voice) in voices.enumerated() { try recorders[index].write(voice.append(inputs[index])) }
        }
        for (step, recorder) in zip(MelRungs.Step.allCases, steps) {
            sounds.keep(try recorder.finish(), as: Self.name(step))
        }
        for (run, recorder) in zip(runs, recorders) {
            sounds.keep(try recorder.finish(), as: Self.name(run.melCase, run.seedIndex))
        }
    }
}

/// One Griffin-Lim over the film.
private final class GriffinLimVoice {
    private let stream: GriffinLimStream
    private let completes: Bool
    private var left: Int

    init(_ film: FilmContext, _ rungs: MelRungs, seed: UInt64) throws {
        let layout = MelConfiguration.legacy.layout
        let wanted = film.request.repetitionTime.start(of: film.trCount, rate: GriffinLimPath.sampleRate)
        left = rungs.frameCount
        // The film's frame at the very end belongs to no TR; the last one stands for it and completes the length.
        completes = left == wanted / layout.hopLength
        stream = try GriffinLim(layout).makeStream(
            frameCount: left + (completes ? 1 : 0), sampleCount: completes ? wanted : nil,
            phases: .random(seed: seed))
    }

    func append(_ magnitudes: Tensor<Float>) throws -> [Float] {
        left -= magnitudes.shape[0]
        var rows = magnitudes
        if left == 0, completes {
            let last = magnitudes.elements.suffix(magnitudes.shape[1])
            rows = Tensor(magnitudes.elements + last, shape: [magnitudes.shape[0] + 1, magnitudes.shape[1]])
        }
        var samples: [Float] = []
        try stream.append(rows) { samples += $0 }
        return samples
    }
}
