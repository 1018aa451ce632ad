internal import Autoencoder
internal import EnCodec
internal import FeaturePipeline
internal import NumericCore
internal import Verification

/// A step on the way from the film to what comes out, each with all that came before it.
///
/// Numbers below 10 are the mel path's, the others the codec's; a reader draws each path in their order.
struct LadderRung {
    let number: Int
    let name: String
    let title: String
    /// The phase that makes its sound.
    var phase = 2
    /// Versions of which the mean is taken segment by segment: Griffin-Lim's seeds.
    let sounds: () throws -> [(name: String, sound: StoredSound)]

    /// Such as `ladder.mel.03_mel_bands`: path, place and name.
    var id: String { number < 10 ? "ladder.mel.0\(number)_\(name)" : "ladder.codec.\(number)_\(name)" }
}

/// The loss-attribution ladder: what each step costs, all held against the film itself at its own rate.
struct LadderChecks {
    let sounds: DerivedSounds
    private let mel: MelLadder

    init(_ sounds: DerivedSounds) {
        self.sounds = sounds
        mel = MelLadder(sounds)
    }

    private var film: FilmContext { sounds.film }

    /// What each rung is measured by.
    static let metrics = QualityMetric.panel.filter { ["estoi", "si_sdr", "mel"].contains($0.name) }

    var checks: [any Check] { (melSide + codecSide).map(check) }

    private var melSide: [LadderRung] {
        func one(_ number: Int, _ name: String, _ title: String, _ step: MelRungs.Step) -> LadderRung {
            LadderRung(number: number, name: name, title: title) { [(name, try mel.sound(step))] }
        }
        func seeds(_ number: Int, _ melCase: FilmVersion.MelCase, _ title: String) -> LadderRung {
            let name = "griffinlim_\(melCase.rawValue)"
            return LadderRung(number: number, name: name, title: title) {
                try (0..<MelLadder.seedCount).map { ("\(name).\($0)", try mel.griffinLim(melCase, seedIndex: $0)) }
            }
        }
        return [
            version(1, "resampled", .resampled),
            one(2, "spectra", "spectra and back with true phases", .spectra),
            one(3, "mel_bands", "2048 mel bands with true phases", .bands),
            one(4, "mel_average", "one mean mel spectrum a TR with true phases", .average),
            seeds(5, .dense, "Griffin-Lim of all mel frames"),
            seeds(6, .average, "Griffin-Lim of each TR's mean mel"),
        ]
    }

    private var codecSide: [LadderRung] {
        let bandwidths = film.bandwidths.reversed().enumerated().map { index, kbps in
            version(11 + index, "encodec_\(kbps.bandwidthText.replacing(".", with: "_"))kbps", .encodec(kbps: kbps))
        }
        return bandwidths + [
            version(21, "grid_exact", .grid(.exact)), version(22, "grid_seed112", .grid(.seed112)),
            LadderRung(number: 23, name: "hrf_indices", title: "haemodynamic response on the indices") {
                [("probe.hrf", try CodeAlgebraChecks(sounds: sounds).sound(.hrf))]
            },
            LadderRung(number: 24, name: "hrf_latents", title: "haemodynamic response on the latents") {
                [("ladder.hrf_latents", try latentResponse())]
            },
            version(25, "predicted", .predicted(.classification), phase: 3),
        ]
    }

    private func version(_ number: Int, _ name: String, _ version: FilmVersion, phase: Int = 2) -> LadderRung {
        LadderRung(number: number, name: name, title: version.title, phase: phase) {
            [(version.id, try film.sound(version))]
        }
    }

    private func check(_ rung: LadderRung) -> any Check {
        let plans = Self.metrics.map {
            $0.plan(
                rung.id, check: rung.id, title: rung.title, source: "against the film at its own rate, as delivered",
                phase: rung.phase)
        }
        return SimpleCheck(plans) { record in
            try film.requireSound()
            let runs = try rung.sounds().map { sound in
                try sounds.measure(Self.metrics.map(\.metric), of: sound.sound, named: sound.name)
            }
            for (index, plan) in plans.enumerated() {
                let values = runs.map { $0[index] }
                try record(Finding(plan, .segments(Self.mean(values)), note: Self.note(values)))
            }
        }
    }

    /// Segment by segment; a segment that one run has no value for has none.
    static func mean(_ runs: [[SegmentValue]]) -> [SegmentValue] {
        guard let first = runs.first else { return [] }
        return first.indices.map { index in
            let values = runs.map { $0[index] }
            let numbers = values.compactMap(\.number)
            guard numbers.count == runs.count else { return values.first { $0.number == nil } ?? first[index] }
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            return SegmentValue(
                start: first[index].start, end: first[index].end, label: first[index].label, result: .value(mean))
        }
    }

    private static func note(_ runs: [[SegmentValue]]) -> String {
        guard runs.count > 1 else { return "" }
        let means = runs.compactMap { SegmentMean($0)?.value.shortText }
        return "mean of \(runs.count) seeds, whose film means are \(means.joined(separator: ", "))"
    }

    /// Latents convolved over the TRs with the sampled response and decoded as they are.
    private func latentResponse() throws -> StoredSound {
        try sounds.sound("ladder.hrf_latents") { name in
            let grid = TRGrid(.exact, film.clock)
            let split = grid.split(try film.codes(film.bandwidthKbps), trCount: film.trCount)
            let response = try HemodynamicResponse(.sampled, repetitionTime: film.request.repetitionTime)
            let model = film.request.codec.model
            let latents = try LatentConvolution.convolve(
                split.codes, model: model, with: TRConvolution(response), threadCount: film.request.threadCount)
            let recorder = try sounds.recorder(name, limit: film.original.sampleCount)
            let joined = latents.joined(frameCounts: split.frameCounts)
            try recorder.write(try model.decode(latents: joined, threadCount: film.request.threadCount))
            return try recorder.finish()
        }
    }
}
