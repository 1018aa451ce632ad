internal import NumericCore

/// Modalities of one length on one time base, and where in their own time each of them was taken from.
public struct AlignedModalities: Sendable {
    /// What happened to one modality.
    public struct Report: Sendable, Equatable, Codable {
        /// Its name.
        public let name: String
        /// TRs before.
        public let sourceCount: Int
        /// TRs after.
        public let count: Int
        /// Rows that no new row was taken from.
        public let skippedCount: Int
        /// Where its first row was taken from, seconds.
        public let startSeconds: Double
        /// Where its last row ends, in the time it was taken from, seconds.
        public let endSeconds: Double
        /// The largest distance between a row's time and the time it was taken from, seconds; 0 when no time moved.
        public let largestErrorSeconds: Double
        /// By how many TRs the response to an event peaks after it; negative when it comes before.
        public let peakShiftTRs: Int
        /// What convolved indices lost; nil where indices were not convolved.
        public let damage: IndexConvolution.Damage?
    }

    /// In the order given.
    public let modalities: [Modality]
    /// One a modality.
    public let reports: [Report]
    /// TRs of every modality.
    public let rowCount: Int

    /// Whether every stimulus has the same lag, so that rows of one moment stand together.
    public var stimuliShareOneLag: Bool {
        let lags = zip(modalities, reports).filter { $0.0.role == .stimulus }.map(\.1.peakShiftTRs)
        return Set(lags).count <= 1
    }

    /// Puts modalities on one time base.
    ///
    /// - Parameters:
    ///   - modalities: At least one; first rows begin at the same moment. The shortest decides the length; one without
    ///     rows leaves none of any.
    ///   - plan: How.
    ///   - threadCount: Threads that work at the same time, at least 1.
    /// - Throws: ``AlignmentError``, or `EncodecError` for codes that the codec does not have.
    public init(_ modalities: [Modality], plan: AlignmentPlan, threadCount: Int = 1) throws {
        let counts = modalities.map(\.rowCount)
        guard let rowCount = counts.min() else {
            throw AlignmentError.inconsistentModalities(reason: "there is no modality to align; give at least one")
        }
        if let scalar = modalities.first(where: { $0.contents.shape.isEmpty }) {
            throw AlignmentError.wrongShape(
                what: "modality '\(scalar.name)'", found: [], requirement: "its first axis must be the TRs")
        }
        var (aligned, reports) = ([Modality](), [Report]())
        for modality in modalities {
            let (resampled, resampling) = try Self.resampled(modality, to: rowCount, lengths: plan.lengths)
            let (contents, damage) = try Self.convolved(resampled, of: modality, plan: plan, threadCount: threadCount)
            aligned.append(Modality(name: modality.name, role: modality.role, contents: contents))
            reports.append(
                Self.report(
                    modality, resampling, seconds: plan.repetitionTime.seconds,
                    peakShift: plan.peakShift(of: modality), damage: damage))
        }
        self.modalities = aligned
        self.reports = reports
        self.rowCount = rowCount
    }

    private static func resampled(
        _ modality: Modality, to rowCount: Int, lengths: AlignmentPlan.Lengths
    ) throws(AlignmentError) -> (Modality.Contents, TRResampling) {
        let stretches = lengths == .stretch && modality.role == .stimulus && rowCount > 0
        switch modality.contents {
        case .features(let features):
            let resampling = try TRResampling(stretches ? .linear : .truncate, from: modality.rowCount, to: rowCount)
            return (.features(try resampling.apply(to: features)), resampling)
        case .codes(let codes):
            let resampling = try TRResampling(stretches ? .nearest : .truncate, from: modality.rowCount, to: rowCount)
            return (.codes(try resampling.apply(to: codes)), resampling)
        }
    }

    private static func convolved(
        _ contents: Modality.Contents, of modality: Modality, plan: AlignmentPlan, threadCount: Int
    ) throws -> (Modality.Contents, IndexConvolution.Damage?) {
        guard modality.role == .stimulus, let convolution = plan.convolution else { return (contents, nil) }
        switch contents {
        case .features(var features):
            try convolution.convolve(&features, threadCount: threadCount)
            return (.features(features), nil)
        case .codes(let codes):
            switch plan.codes {
            case .skip: return (contents, nil)
            case .seed:
                let (treated, damage) = try IndexConvolution.convolve(codes, with: convolution)
                return (.codes(treated), damage)
            case .latent(let model):
                let latents = try LatentConvolution.convolve(
                    codes, model: model, with: convolution, threadCount: threadCount)
                return (.features(latents), nil)
            }
        }
    }

    private static func report(
        _ modality: Modality, _ resampling: TRResampling, seconds: Double, peakShift: Int,
        damage: IndexConvolution.Damage?
    ) -> Report {
        let positions = resampling.positions
        return Report(
            name: modality.name, sourceCount: resampling.sourceCount, count: resampling.targetCount,
            skippedCount: resampling.skippedRowCount, startSeconds: (positions.first ?? 0) * seconds,
            endSeconds: positions.last.map { ($0 + 1) * seconds } ?? 0,
            largestErrorSeconds: resampling.largestShift * seconds, peakShiftTRs: peakShift, damage: damage)
    }
}
