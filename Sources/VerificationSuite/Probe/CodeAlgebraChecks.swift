internal import EnCodec
internal import FeaturePipeline
internal import NumericCore
internal import Verification

/// The code-algebra probe: what each thing that a pipeline does to codes does to the sound.
struct CodeAlgebraChecks {
    let sounds: DerivedSounds
    private var film: FilmContext { sounds.film }

    var checks: [any Check] { CodeOperation.allCases.map(operation) + [codebooks()] }

    /// What the sound is measured by.
    static let metrics = QualityMetric.panel.filter { ["stoi", "si_sdr", "mel"].contains($0.name) }

    /// Codes of the film after an operation.
    func codes(_ operation: CodeOperation) throws -> Tensor<Int32> {
        if operation == .hrf { return try CodeOperation.convolved(film).codes }
        return operation.apply(
            to: try film.codes(film.bandwidthKbps), entryCount: film.request.codec.model.configuration.codebookSize,
            seed: film.request.seed)
    }

    /// The decoded sound of an operation.
    func sound(_ operation: CodeOperation) throws -> StoredSound {
        if operation == .identity { return try film.sound(.encodec(kbps: film.bandwidthKbps)) }
        return try sounds.decoded(name(operation)) { try codes(operation) }
    }

    /// What the sound of an operation is measured as.
    func measure(_ metrics: [Metric], of operation: CodeOperation) throws -> [[SegmentValue]] {
        try sounds.measure(metrics, of: sound(operation), named: name(operation))
    }

    private func name(_ operation: CodeOperation) -> String { "probe.\(operation.rawValue)" }

    private func operation(_ operation: CodeOperation) -> any Check {
        let id = name(operation)
        let quality = Self.metrics.map { $0.plan(id, check: id, title: operation.title) }
        let latent = FindingPlan(
            id: "\(id).latent", check: id, phase: 2, title: "Latent error, \(operation.title)", unit: "1",
            variant: "latent.error.relative_rms", direction: .lower,
            source: "root of squared differences over that of squared latents, against the codes as they are")
        let unchanged = FindingPlan(
            id: "\(id).unchanged", check: id, phase: 2, title: "Codes unchanged, \(operation.title)", unit: "1",
            variant: "codes.match", direction: .higher, source: "share of equal codes")
        return SimpleCheck(quality + [latent, unchanged]) { record in
            try film.requireSound()
            let reference = try film.codes(film.bandwidthKbps)
            let error = try LatentError(codes(operation), reference, model: film.request.codec.model)
            let share = Double(error.unchangedCount) / Double(reference.count)
            for (plan, values) in zip(quality, try measure(Self.metrics.map(\.metric), of: operation)) {
                try record(Finding(plan, .segments(values)))
            }
            try record(
                Finding(latent, .value(error.relative), population: reference.shape[1], populationUnit: "frames"))
            try record(
                Finding(
                    unchanged, .value(share), population: reference.count, populationUnit: "codes",
                    note: try note(operation)))
        }
    }

    private func note(_ operation: CodeOperation) throws -> String {
        guard operation == .hrf else { return "" }
        let damage = try CodeOperation.convolved(film).damage
        let high = (damage.clippedHighFraction ?? 0) * 100
        let low = (damage.clippedLowFraction ?? 0) * 100
        return "\(high.shortText) % were above the codebook and \(low.shortText) % below it before clipping"
    }

    private func codebooks() -> any Check {
        let id = "probe.codebooks"
        let order = FindingPlan(
            id: "\(id).order", check: id, phase: 2, title: "Order of the codebooks' entries", unit: "1",
            variant: "codebook.spearman.mean", direction: .higher,
            source: "rank correlation of index distance and entry distance; 1 in an ordered codebook, 0 among labels")
        let neighbour = FindingPlan(
            id: "\(id).neighbour", check: id, phase: 2, title: "Error of the next entry over that of any entry",
            unit: "1", variant: "codebook.neighbour_ratio.mean", direction: .lower,
            source: "mean squared distances; 0 in a finely ordered codebook, 1 among labels")
        return SimpleCheck([order, neighbour]) { record in
            let geometry = try geometry()
            let correlations = geometry.rankCorrelations
            let mean = correlations.reduce(0, +) / Double(correlations.count)
            try record(
                Finding(
                    order, .value(mean), population: correlations.count * geometry.pairCount, populationUnit: "pairs",
                    note: "by codebook \(correlations.map(\.shortText).joined(separator: ", "))"))
            let ratios = geometry.neighbourRatios
            let between = geometry.interval.map {
                "; 95 % interval of the mean \($0.lower.shortText) to \($0.upper.shortText)"
            }
            try record(
                Finding(
                    neighbour, .value(ratios.reduce(0, +) / Double(ratios.count)),
                    population: ratios.count * (film.request.codec.model.configuration.codebookSize - 1),
                    populationUnit: "entries",
                    note: "by codebook \(ratios.map(\.shortText).joined(separator: ", "))\(between ?? "")"))
        }
    }

    /// The codebooks of the bandwidth in use.
    func geometry() throws -> CodebookGeometry {
        let model = film.request.codec.model
        return try CodebookGeometry(
            model, codebookCount: model.configuration.codebookCount(forBandwidth: film.bandwidthKbps),
            seed: film.request.seed)
    }
}
