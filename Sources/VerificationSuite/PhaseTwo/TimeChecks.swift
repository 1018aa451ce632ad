internal import FeaturePipeline
internal import NumericCore
internal import Verification

/// Time integrity, before any quality: length, lost frames, lag, drift, and level.
struct TimeChecks {
    let film: FilmContext

    var checks: [any Check] {
        let chosen = film.subject
        return [length(), frames(.exact), frames(.seed112)]
            + [("encodec", chosen), ("exact", .grid(.exact)), ("seed112", .grid(.seed112))].map(lags)
            + [level(chosen)]
    }

    private func plan(
        _ id: String, check: String, _ title: String, unit: String, variant: String,
        _ direction: Finding.Direction, source: String = ""
    ) -> FindingPlan {
        FindingPlan(
            id: "time." + id, check: "time." + check, phase: 2, title: title, unit: unit, variant: variant,
            direction: direction, source: source)
    }

    /// The codec's frames for the film, and the samples that they decode to.
    private func length() -> any Check {
        let plan = plan(
            "encodec.length", check: "encodec.length", "Samples the decoded film is too long", unit: "samples",
            variant: "length.difference", .zero, source: "ceil(samples / hop) frames, cut to the film")
        return SimpleCheck([plan]) { record in
            if let features = film.request.features { return try record(given(features, plan)) }
            let codes = try film.codes(film.bandwidthKbps)
            let hop = film.clock.hopLength
            let frames = (film.original.sampleCount + hop - 1) / hop
            let decoded = try film.sound(.encodec(kbps: film.bandwidthKbps)).sampleCount
            let surplus = (codes.shape[1] - frames) * hop + decoded - film.original.sampleCount
            try record(
                Finding(
                    plan, .value(Double(surplus)), population: film.original.sampleCount, populationUnit: "samples",
                    note: "\(codes.shape[1]) frames of \(hop) samples"))
        }
    }

    private func given(_ features: GivenFeatures, _ plan: FindingPlan) throws -> Finding {
        let owed = features.owedSampleCount(ofTRs: film.trCount)
        let surplus = features.processor.expectedSampleCount(of: features.input) - owed
        return Finding(
            plan, .value(Double(surplus)), population: owed, populationUnit: "samples",
            note: "\(features.trCount) rows for \(film.trCount) TRs")
    }

    /// Frames of the film that a TR grid drops.
    private func frames(_ mode: TRGrid.Mode) -> any Check {
        let lost = plan(
            "\(mode.rawValue).lost_frames", check: "\(mode.rawValue).lost_frames",
            "Frames lost by the TR grid '\(mode.rawValue)'", unit: "frames", variant: "frames.lost", .lower,
            source: "floor(TRs x TR x frame rate) frames are the film's")
        return SimpleCheck([lost]) { record in
            let owed = film.clock.start(of: film.trCount)
            let hop = film.clock.hopLength
            let delivered = try film.sound(.grid(mode)).sampleCount
            let missing = owed - delivered / hop
            let seconds = Double(missing * hop) / Double(film.clock.sampleRate)
            let predicted = TRGrid(mode, film.clock).joinedFrameCount(trCount: film.trCount)
            try record(
                Finding(
                    lost, .value(Double(missing)), population: owed, populationUnit: "frames",
                    note: "\(seconds.shortText) s of \(film.trCount) TRs; \(owed - predicted) frames were predicted"))
        }
    }

    /// Lag segment by segment, in the middle, and how it grows.
    private func lags(_ name: String, _ version: FilmVersion) -> any Check {
        let check = "\(name).lag"
        let plans = [
            plan(
                "\(name).lag", check: check, "Lag of \(version.title)", unit: "samples",
                variant: "lag.gcc_phat.200ms.segment", .zero),
            plan(
                "\(name).lag.whole", check: check, "Median lag of \(version.title)", unit: "samples",
                variant: "lag.gcc_phat.200ms.median", .zero),
            plan(
                "\(name).drift", check: check, "Drift of \(version.title)", unit: "ppm",
                variant: "drift.theil_sen.segments", .zero),
        ]
        return SimpleCheck(plans) { record in
            let values = try film.lags(of: version, against: film.reference(of: version))
            try record(Finding(plans[0], .segments(values)))
            var points: [(x: Double, y: Double)] = []
            for value in values {
                if let lag = value.number { points.append((x: (value.start + value.end) / 2, y: lag)) }
            }
            let coverage = Finding(plans[0], .segments(values)).coverage
            let remedy = "verify a film with more sound"
            guard points.count >= 3 else {
                throw NotMeasurable("only \(points.count) segments have a clear lag (\(coverage))", remedy: remedy)
            }
            let median = Self.median(points.map(\.y))
            try record(
                Finding(
                    plans[1], .value(median), coverage: coverage, population: points.count, populationUnit: "segments"))
            guard points[points.count - 1].0 - points[0].0 >= 5 else {
                throw NotMeasurable("less than 5 s lie between the first clear lag and the last", remedy: remedy)
            }
            let rate = Double(try film.sound(version).sampleRate)
            try record(
                Finding(
                    plans[2], .value(Self.slope(points) / rate * 1e6), coverage: coverage, population: points.count,
                    populationUnit: "segments"))
        }
    }

    private func level(_ version: FilmVersion) -> any Check {
        let plan = FindingPlan(
            id: "level.encodec", check: "level.encodec", phase: 2, title: "Level difference of \(version.title)",
            unit: "dB", variant: Metric.levelDifference.descriptor.id, direction: .zero,
            source: Metric.levelDifference.descriptor.source)
        return SimpleCheck([plan]) { record in
            try record(
                Finding(
                    plan,
                    .segments(film.measure([.levelDifference], of: version, against: film.reference(of: version))[0])))
        }
    }

    private static func median(_ values: [Double]) -> Double { Quantile.of(values.sorted(), 0.5) }

    /// Theil and Sen's slope: the median over all pairs.
    private static func slope(_ points: [(x: Double, y: Double)]) -> Double {
        let used =
            points.count <= 300 ? points : stride(from: 0, to: 300, by: 1).map { points[$0 * points.count / 300] }
        var slopes: [Double] = []
        for later in used.indices {
            for earlier in 0..<later where used[later].x > used[earlier].x {
                slopes.append((used[later].y - used[earlier].y) / (used[later].x - used[earlier].x))
            }
        }
        return median(slopes)
    }
}
