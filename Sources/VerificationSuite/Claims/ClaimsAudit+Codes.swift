internal import EnCodec
internal import FeaturePipeline
internal import NumericCore
internal import Verification

extension ClaimsAudit {
    /// What is claimed about codes as numbers.
    var codeClaims: [Claim] { [robust, ordinal, convolved, interpolated, clamped, integers] }

    /// Loss of STOI against the codes as they are, which passes for none.
    static let unnoticedLoss = 0.05

    private func loss(of name: String, _ sound: StoredSound) throws -> (loss: Double, count: Int) {
        let before = try sounds.measure([.stoi], of: .encodec(kbps: film.bandwidthKbps))[0]
        let after = try sounds.measure([.stoi], of: sound, named: name)[0]
        guard let kept = SegmentMean(before), let left = SegmentMean(after) else { throw Self.silent }
        return (kept.value - left.value, kept.count)
    }

    private var robust: Claim {
        Claim(
            number: 3, name: "robust", phase: 2,
            text: "quality survives a bottleneck because codes stand up to errors", unit: "1",
            variant: "stoi.loss.corrupted_codes", direction: .lower,
            advice:
                "compress latents, which degrade gradually, or train with one class a codebook and count exact matches"
        ) {
            var count = 0
            let parts = try [1, 5, 20, 50].map { percent in
                let name = "claims.corrupted_\(percent)"
                let sound = try sounds.decoded(name) {
                    try Self.corrupted(
                        film.codes(film.bandwidthKbps), share: Double(percent) / 100, entryCount: settings.codebookSize,
                        seed: film.request.seed)
                }
                let found = try loss(of: name, sound)
                count = found.count
                return Claim.Part(
                    name: "STOI lost with \(percent) % of the codes wrong", value: found.loss, line: Self.unnoticedLoss)
            }
            return .init(parts: parts, population: count, populationUnit: "segments")
        }
    }

    /// A share of the codes replaced by any other.
    static func corrupted(_ codes: Tensor<Int32>, share: Double, entryCount: Int, seed: UInt64) -> Tensor<Int32> {
        var random = Xoshiro256(seed: seed)
        let elements = codes.elements.map { code in
            guard random.uniformDouble() < share else { return code }
            let step = 1 + Int32(random.uniformDouble() * Double(entryCount - 1))
            return (code + step) % Int32(entryCount)
        }
        return Tensor(elements, shape: codes.shape)
    }

    private var ordinal: Claim {
        Claim(
            number: 5, name: "ordinal", phase: 2, text: "codes are ordered: neighbouring numbers sound alike",
            unit: "1",
            variant: "codebook.spearman", direction: .higher,
            advice: "treat codes as labels: no squared error, no rounding, no averaging of indices"
        ) {
            let geometry = try probe.geometry()
            let parts = geometry.rankCorrelations.enumerated().map { index, value in
                Claim.Part(name: "rank correlation in codebook \(index + 1)", value: value, line: 0.5)
            }
            let ratio = geometry.neighbourRatios.reduce(0, +) / Double(geometry.neighbourRatios.count)
            return .init(
                parts: parts, population: parts.count * geometry.pairCount, populationUnit: "pairs of entries",
                detail: "the next entry is \((ratio * 100).shortText) % as wrong as any other")
        }
    }

    private var convolved: Claim {
        Claim(
            number: 6, name: "hrf_on_codes", phase: 2,
            text: "codes may be convolved with the haemodynamic response, rounded and clipped", unit: "1",
            variant: "stoi.loss.hrf_indices", direction: .lower,
            advice: "convolve the latents that the codes stand for, and quantise again only where codes are asked for"
        ) {
            let damage = try CodeOperation.convolved(film).damage
            let found = try loss(of: "probe.hrf", probe.sound(.hrf))
            let kept = (damage.unchangedFraction ?? 0) * 100
            let clipped = (damage.clippedHighFraction ?? 0) * 100
            return .init(
                parts: [.init(name: "STOI lost", value: found.loss, line: Self.unnoticedLoss)],
                population: found.count, populationUnit: "segments",
                detail: "\(kept.shortText) % of the codes are unchanged, \(clipped.shortText) % were clipped at the top"
            )
        }
    }

    private var interpolated: Claim {
        Claim(
            number: 7, name: "linear_resampling", phase: 2,
            text: "codes may be resampled over TRs by straight lines and rounding", unit: "1",
            variant: "stoi.linear_against_nearest", direction: .higher,
            advice: "cut all modalities to the common length; take the nearest TR where rates really differ"
        ) {
            let count = film.trCount - max(1, film.trCount * 26 / 946)
            guard count > 1 else {
                throw NotMeasurable("\(film.trCount) TRs are too few", remedy: "verify a longer film")
            }
            let linear = try resampled(.linear, to: count)
            let nearest = try resampled(.nearest, to: count)
            let values = try sounds.measure([.stoi], of: linear, named: "claims.linear", against: nearest)[0]
            guard let mean = SegmentMean(values) else { throw Self.silent }
            return .init(
                parts: [.init(name: "STOI of straight lines against the nearest TR", value: mean.value, line: 0.95)],
                population: mean.count, populationUnit: "segments", detail: "\(film.trCount) TRs to \(count)")
        }
    }

    private func resampled(_ method: TRResampling.Method, to count: Int) throws -> StoredSound {
        try sounds.decoded("claims.\(method.rawValue)") {
            let grid = TRGrid(.exact, clock)
            let split = grid.split(try film.codes(film.bandwidthKbps), trCount: film.trCount)
            let changed = try TRResampling(method, from: film.trCount, to: count).apply(to: split.codes)
            return try grid.join(changed)
        }
    }

    private var clamped: Claim {
        Claim(
            number: 21, name: "sigmoid_range", phase: 3,
            text: "a sigmoid times the largest code always gives a code of the codebook", unit: "code",
            variant: "sigmoid.largest_code", direction: .lower,
            advice: "clip once more after the cast to an integer, or predict classes"
        ) {
            let largest = Int32(settings.codebookSize - 1)
            // From where the sigmoid is 0 to where it is 1, in steps finer than bfloat16's.
            let logits = stride(from: Float(-24), through: 24, by: 1 / 256)
            let single = logits.map { BrainPrediction.levelInSingle(logit: $0, largest: largest) }
            let brain = logits.map { BrainPrediction.level(logit: $0, largest: largest) }
            let distinct = (Set(single).count, Set(brain).count)
            let parts = [("float32", single), ("bfloat16", brain)].map { name, levels in
                Claim.Part(name: "largest in \(name)", value: Double(levels.max() ?? 0), line: Double(largest))
            }
            return .init(
                parts: parts, population: single.count, populationUnit: "logits",
                detail: "\(distinct.0) different codes in float32, \(distinct.1) in bfloat16")
        }
    }

    private var integers: Claim {
        Claim(
            number: 30, name: "int32", phase: 1, text: "int32 holds every code", unit: "code", variant: "codes.largest",
            direction: .lower, advice: "take any integer type, store 16 bits, and check the range always"
        ) {
            let codes = try film.codes(film.bandwidths.last ?? film.bandwidthKbps)
            let largest = codes.elements.max() ?? 0
            return .init(
                parts: [.init(name: "largest code", value: Double(largest), line: Double(Int32.max))],
                population: codes.count, populationUnit: "codes",
                detail: "\(settings.bitsPerCode) of 32 bits carry something")
        }
    }
}
