internal import Verification

/// Negative controls: sounds that are certainly bad, held against the same quality gates.
///
/// A control that passes all of them shows that the gates say nothing.
struct ControlChecks {
    let film: FilmContext
    let gates: GateSet

    var checks: [any Check] { FilmVersion.controls.map(control) }

    private func control(_ version: FilmVersion) -> any Check {
        let id = "control.\(version.id)"
        let plan = FindingPlan(
            id: id, check: id, phase: 2, title: "Quality gates that let '\(version.title)' pass", unit: "1 if all pass",
            variant: "control.passes", direction: .lower, source: "The quality gates of this run, on a negative control"
        )
        return SimpleCheck([plan]) { record in
            let values = try film.measure(QualityMetric.judged.map(\.metric), of: version)
            let findings = zip(QualityMetric.judged, values).map { metric, values in
                Finding(
                    metric.plan("quality", check: "quality", title: version.title), .segments(values),
                    bound: PublishedQuality.bound(metric.name, kbps: film.bandwidthKbps))
            }
            let judged = judge(findings)
            guard !judged.isEmpty else {
                throw NotMeasurable(
                    "no gate is about 'quality.stoi' or 'quality.snr'", remedy: "add one to the gate file")
            }
            guard findings.contains(where: { $0.coverage.measured > 0 }) || version == .silence else {
                throw NotMeasurable("no segment of the film can be measured", remedy: "verify a film with sound")
            }
            let passes = judged.allSatisfy { $0.decision == .pass }
            let note = judged.map { "\($0.gate.id) \($0.decision.rawValue): \($0.reason)" }.joined(separator: "; ")
            try record(
                Finding(plan, .value(passes ? 1 : 0), population: judged.count, populationUnit: "gates", note: note))
        }
    }

    /// The quality gates only, over the control's findings.
    private func judge(_ findings: [Finding]) -> [GateResult] {
        let info = RunInfo(tool: "", command: "", seed: film.request.seed, phases: [2], facts: [])
        let results = RunResults(
            info: info, plans: findings.map(\.plan), findings: findings,
            timings: RunTimings(started: "", seconds: 0, checks: [:]))
        // Waivers must not let a control pass: what counts is what the gate decides, which no day changes.
        guard let day = CalendarDay("2000-01-01") else { return [] }
        return GateEvaluation(results, gates: gates, today: day).results
            .filter { $0.gate.severity == .block && !$0.judgements.isEmpty }
    }
}
