internal import FeaturePipeline
internal import NumericCore
internal import Verification

/// Whether the gates about sound can pass and can fail on this film at all.
///
/// Each is asked about sounds that certainly pass if anything does (the film itself with noise far below it, the codec
/// at its highest bandwidth), and about sounds that must not pass (silence, codes in a random order).
struct ReachCheck {
    let sounds: DerivedSounds
    let gates: GateSet

    private var film: FilmContext { sounds.film }

    /// What is known about a gate.
    struct Reach: Equatable {
        let gate: String
        /// Decisions by sound, in the order of ``Probe``.
        let decisions: [Probe: Decision]

        /// What makes the gate useless here; nil where nothing does.
        var problem: String? {
            if let passed = [Probe.silence, .shuffled].first(where: { decisions[$0] == .pass }),
                [Probe.silence, .shuffled].allSatisfy({ decisions[$0] == .pass })
            {
                return "cannot fail: even \(passed.title) passes"
            }
            if decisions[.almostIdentical] == .notMeasured { return "cannot be measured on this film" }
            if decisions[.almostIdentical] != .pass { return "cannot pass: the film itself does not" }
            return decisions[.highest] == .pass ? nil : "is beyond this codec at its highest bandwidth"
        }
    }

    /// Sounds that gates are asked about.
    enum Probe: String, CaseIterable {
        case almostIdentical, highest, silence, shuffled

        var title: String {
            switch self {
            case .almostIdentical: "the film itself"
            case .highest: "the highest bandwidth"
            case .silence: "silence"
            case .shuffled: "codes in a random order"
            }
        }
    }

    var check: any Check {
        let id = "reach.unreachable"
        let plan = FindingPlan(
            id: id, check: id, phase: 2, title: "Gates that cannot fail or cannot pass here", unit: "gates",
            variant: "reach.unreachable", direction: .lower,
            source:
                "the quality gates of this run, on the film itself, the highest bandwidth, silence and shuffled codes")
        return SimpleCheck([plan]) { record in
            try film.requireSound()
            let found = try reaches()
            guard !found.isEmpty else {
                throw NotMeasurable("no gate is about the decoded sound", remedy: "add one to the gate file")
            }
            let useless = found.filter { $0.problem != nil }
            try record(
                Finding(
                    plan, .value(Double(useless.count)), population: found.count, populationUnit: "gates",
                    note: useless.map { "\($0.gate) \($0.problem ?? "")" }.joined(separator: "; ")))
        }
    }

    /// Every gate of phase 2 that is about the decoded sound.
    private func reaches() throws -> [Reach] {
        var byGate: [String: [Probe: Decision]] = [:]
        for probe in Probe.allCases {
            for result in try judge(probe) { byGate[result.gate.id, default: [:]][probe] = result.decision }
        }
        return gates.gates.compactMap { gate in byGate[gate.id].map { Reach(gate: gate.id, decisions: $0) } }
    }

    /// What the gates say when a sound stands where the codec's belongs.
    private func judge(_ probe: Probe) throws -> [GateResult] {
        let candidate = try candidate(probe)
        let arms = try [FilmVersion.MelCase.dense, .average].flatMap { try melArm($0) }
        let findings = candidate + arms
        let info = RunInfo(tool: "", command: "", seed: film.request.seed, phases: [2], facts: [])
        let results = RunResults(
            info: info, plans: findings.map(\.plan), findings: findings,
            timings: RunTimings(started: "", seconds: 0, checks: [:]))
        let ids = Set(candidate.map(\.id))
        return GateEvaluation(results, gates: gates, today: .beforeWaivers).results.filter { result in
            guard result.gate.phase == 2, !result.gate.isShownOnly, !result.judgements.isEmpty else {
                return false
            }
            // A comparison with what was not measured here says nothing about reach.
            if case .superiority(let other, _) = result.gate.criterion { return ids.isMeasured(other, in: findings) }
            if case .nonInferiority(let other, _) = result.gate.criterion { return ids.isMeasured(other, in: findings) }
            return result.judgements.allSatisfy { ids.contains($0.finding) }
        }
    }

    /// Findings of a sound under the ids of the codec's.
    private func candidate(_ probe: Probe) throws -> [Finding] {
        let sound = try sound(probe)
        let judged = try sounds.measure(
            QualityMetric.judged.map(\.metric), of: sound, named: "reach.\(probe.rawValue)")
        let level = try sounds.measure([.levelDifference], of: sound, named: "reach.\(probe.rawValue)")[0]
        let atMelRate = try sounds.resampled(
            sound, to: GriffinLimPath.sampleRate, as: "reach.\(probe.rawValue).22050")
        let compared = try sounds.measure(
            QualityMetric.compared.map(\.metric), of: atMelRate, named: "reach.\(probe.rawValue).22050",
            against: film.sound(.atMelRate(.original)))
        let quality = zip(QualityMetric.judged, judged).map { metric, values in
            Finding(
                metric.plan("quality", check: "quality", title: probe.title), .segments(values),
                bound: PublishedQuality.bound(metric.name, kbps: film.bandwidthKbps))
        }
        let versus = zip(QualityMetric.compared, compared).map { metric, values in
            Finding(
                metric.plan("versus.encodec", check: "versus.encodec", title: probe.title), .segments(values))
        }
        let descriptor = Metric.levelDifference.descriptor
        let plan = FindingPlan(
            id: "level.encodec", check: "level.encodec", phase: 2, title: probe.title, unit: descriptor.unit,
            variant: descriptor.id, direction: .zero)
        return quality + versus + [Finding(plan, .segments(level))]
    }

    private func melArm(_ melCase: FilmVersion.MelCase) throws -> [Finding] {
        let version = FilmVersion.griffinLim(melCase)
        let values = try sounds.measure(
            QualityMetric.compared.map(\.metric), of: film.sound(version), named: "reach.\(version.id)",
            against: film.sound(.atMelRate(.original)))
        let id = "versus.griffinlim_\(melCase.rawValue)"
        return zip(QualityMetric.compared, values).map { metric, values in
            Finding(metric.plan(id, check: id, title: version.title), .segments(values))
        }
    }

    private func sound(_ probe: Probe) throws -> StoredSound {
        switch probe {
        case .highest: try film.sound(.encodec(kbps: film.bandwidths.last ?? film.bandwidthKbps))
        case .silence: try film.sound(.silence)
        case .shuffled: try film.sound(.shuffledCodes)
        case .almostIdentical: try almostIdentical()
        }
    }

    /// The film with noise a thousand times weaker than the film is loud: an identical one has no finite distance.
    private func almostIdentical() throws -> StoredSound {
        try sounds.sound("reach.almost_identical") { name in
            let noise = try film.sound(.noise)
            let recorder = try sounds.recorder(name)
            for start in stride(from: 0, to: film.original.sampleCount, by: 1 << 16) {
                let range = start..<min(start + 1 << 16, film.original.sampleCount)
                let (own, other) = (try film.original.samples(range), try noise.samples(range))
                try recorder.write(zip(own, other).map { $0 + $1 / 1000 })
            }
            return try recorder.finish()
        }
    }
}

extension Set<String> {
    /// Whether what a comparison is made with is among findings that are not of this set.
    fileprivate func isMeasured(_ pattern: FindingPattern, in findings: [Finding]) -> Bool {
        findings.contains { !contains($0.id) && pattern.captures(in: $0.id) != nil }
    }
}
