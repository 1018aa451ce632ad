internal import Verification

extension ClaimsAudit {
    /// What is claimed about how things sound.
    var soundClaims: [Claim] {
        [melScore, codecScore, phase, errorCriterion, content]
    }

    private var melScore: Claim {
        Claim(
            number: 1, name: "griffinlim_pesq", phase: 2, text: "mel features with Griffin-Lim stay below PESQ 2",
            unit: "MOS", variant: pesq?.metricID ?? "pesq.wb@16k", direction: .lower,
            advice: "keep three cases apart: all mel frames, one mean spectrum a TR, and what a model makes of them"
        ) {
            try pesqClaim(
                [("all mel frames", .griffinLim(.dense)), ("mean of each TR", .griffinLim(.average))], line: 2)
        }
    }

    private var codecScore: Claim {
        Claim(
            number: 2, name: "encodec_pesq", phase: 2, text: "EnCodec scores above PESQ 3.5", unit: "MOS",
            variant: pesq?.metricID ?? "pesq.wb@16k", direction: .higher,
            advice: "state the bandwidth with every score: the published codec needs 12 kbps for a mean of 3.5"
        ) {
            let kbps = film.bandwidthKbps
            return try pesqClaim([("\(kbps.bandwidthText) kbps", .encodec(kbps: kbps))], line: 3.5)
        }
    }

    private func pesqClaim(_ versions: [(String, FilmVersion)], line: Double) throws -> Claim.Measurement {
        let audition = try PESQAudition(pesq, sounds)
        var count = 0
        let parts = try versions.map { name, version in
            let scores = try audition.scores(of: version)
            count += scores.count
            return Claim.Part(name: name, value: scores.reduce(0, +) / Double(scores.count), line: line)
        }
        return .init(parts: parts, population: count, populationUnit: "stretches of up to 10 s")
    }

    private var phase: Claim {
        Claim(
            number: 4, name: "phase", phase: 2, text: "codes keep the phase and reconstruct perfectly", unit: "dB",
            variant: Metric.scaleInvariantSDR().descriptor.id, direction: .higher,
            advice: "expect a coherent waveform, not a transparent one: the bandwidth sets the ceiling"
        ) {
            let mean = try mean(.scaleInvariantSDR(), of: .encodec(kbps: film.bandwidthKbps))
            return .init(
                parts: [
                    .init(
                        name: "more of the film's waveform than of anything else, SI-SDR", value: mean.value, line: 0),
                    .init(name: "no audible error, SI-SDR", value: mean.value, line: 30),
                ], population: mean.count, populationUnit: "segments")
        }
    }

    /// What must not pass a criterion of quality.
    static let badSounds: [FilmVersion] = [.silence, .shuffledCodes, .shiftedFrame, .noise]

    private var errorCriterion: Claim {
        Claim(
            number: 19, name: "mse_criterion", phase: 2, text: "a mean squared error below 0.01 proves quality",
            unit: "1", variant: "mse.film", direction: .higher,
            advice:
                "judge by intelligibility and scale-invariant error after measuring lag, with controls that must fail"
        ) {
            try film.requireSound()
            let parts = try Self.badSounds.map { version in
                let error = try meanSquaredError(of: film.sound(version))
                return Claim.Part(name: "\(version.title): error", value: error, line: 0.01)
            }
            return .init(parts: parts, population: film.original.sampleCount, populationUnit: "samples")
        }
    }

    /// Over the samples that both have.
    func meanSquaredError(of sound: StoredSound) throws -> Double {
        let count = min(sound.sampleCount, film.original.sampleCount)
        guard count > 0 else { throw Self.silent }
        var sum = 0.0
        for start in stride(from: 0, to: count, by: 1 << 16) {
            let range = start..<min(start + 1 << 16, count)
            sum += SquaredSums(try sound.samples(range), try film.original.samples(range)).difference
        }
        return sum / Double(count)
    }

    private var content: Claim {
        Claim(
            number: 26, name: "content", phase: 2, text: "speech, music and effects all survive the codec", unit: "1",
            variant: Metric.stoi.descriptor.id, direction: .higher,
            advice: "listen to the worst segments of each kind, and measure again through the model"
        ) {
            let version = FilmVersion.encodec(kbps: film.bandwidthKbps)
            let values = try sounds.measure([.stoi], of: version)[0]
            let labels: [ContentLabel] = [.speech, .music, .effect, .mix]
            let found = labels.compactMap { label in SegmentMean(values, label: label).map { (label, $0) } }
            guard !found.isEmpty else { throw Self.silent }
            return .init(
                parts: found.map { .init(name: "STOI of \($0.rawValue)", value: $1.value, line: 0.75) },
                population: found.reduce(0) { $0 + $1.1.count }, populationUnit: "segments",
                detail: "0.75 is what the published codec's worst excerpt had at 6 kbps, rounded down")
        }
    }
}
