internal import Autoencoder
internal import NumericCore
internal import Verification

/// Brain data predicted from features: synthetic voxels for which the truth is known, and the user's scan.
struct BrainChecks {
    let film: FilmContext
    /// The voxels that answer and those that do not.
    var scan = Self.scan

    /// A hundred voxels, half of them noise.
    static var scan: SyntheticScan {
        var scan = SyntheticScan()
        (scan.voxelCount, scan.answeringCount) = (100, 50)
        return scan
    }

    var checks: [any Check] { [synthetic()] + (film.request.scan.map { [recorded($0)] } ?? []) }

    private static func plan(
        _ id: String, check: String, _ title: String, variant: String, _ direction: Finding.Direction
    ) -> FindingPlan {
        FindingPlan(
            id: "training.brain.\(id)", check: "training.brain.\(check)", phase: 3, title: title, unit: "1",
            variant: variant, direction: direction,
            source: "voxel head on held-out TRs; false discovery rate 5 % (Benjamini and Hochberg) over all voxels")
    }

    /// The two halves of the truth: what answers must be found, and noise must not.
    private func synthetic() -> any Check {
        let check = "synthetic"
        let plans = [
            Self.plan(
                "synthetic.power", check: check, "Synthetic voxels that answer and are found",
                variant: "voxels.significant", .higher),
            Self.plan(
                "synthetic.false_alarms", check: check, "Synthetic voxels of noise that seem to answer",
                variant: "voxels.significant.null", .lower),
            Self.plan(
                "synthetic.correlation", check: check, "Mean correlation of the synthetic voxels that answer",
                variant: "voxels.correlation", .higher),
        ]
        return SimpleCheck(plans) { record in
            let found = try film.syntheticBrain(scan)
            let (answering, silent) = (0..<scan.answeringCount, scan.answeringCount..<scan.voxelCount)
            let note = "a formula's voxels, no brain: \(found.text)"
            func share(_ plan: FindingPlan, _ voxels: Range<Int>) throws {
                guard !voxels.isEmpty else { throw NotMeasurable("there is no such voxel") }
                try record(
                    Finding(
                        plan, .value(found.significantShare(of: voxels)), population: voxels.count,
                        populationUnit: "voxels", note: note))
            }
            try share(plans[0], answering)
            try share(plans[1], silent)
            try record(Self.correlation(plans[2], found, answering, note: note))
        }
    }

    private func recorded(_ given: GivenScan) -> any Check {
        let check = "recorded"
        let plans = [
            Self.plan(
                "recorded.significant", check: check, "Recorded voxels that the film's sound predicts",
                variant: "voxels.significant", .higher),
            Self.plan(
                "recorded.correlation", check: check, "Mean correlation of the recorded voxels",
                variant: "voxels.correlation", .higher),
        ]
        return SimpleCheck(plans) { record in
            let found = try film.recordedBrain(given)
            let voxels = 0..<given.series.shape[1]
            let note = "\(given.label), from the film's mel features: \(found.text)"
            try record(
                Finding(
                    plans[0], .value(found.significantShare(of: voxels)), population: voxels.count,
                    populationUnit: "voxels", note: note))
            try record(Self.correlation(plans[1], found, voxels, note: note))
        }
    }

    /// The mean beside the level that 95 % of shifted predictions do not exceed.
    private static func correlation(
        _ plan: FindingPlan, _ found: BrainTrial.Outcome, _ voxels: Range<Int>, note: String
    ) -> Finding {
        guard let mean = found.mean(of: voxels), let chance = found.correlation.chanceLevel else {
            return Finding(
                plan, .notMeasured(reason: "no voxel changes over the held-out TRs", remedy: "give a longer scan"))
        }
        return Finding(
            plan, .value(mean), population: voxels.count, populationUnit: "voxels", note: note,
            bound: .init(chance, source: "what 95 % of all voxels' predictions shifted in time do not exceed"))
    }
}
