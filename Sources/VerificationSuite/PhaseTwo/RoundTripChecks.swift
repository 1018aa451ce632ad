internal import FeaturePipeline
internal import Verification

/// The panel over every version of the film, segment by segment, and what the quality gates are about.
struct RoundTripChecks {
    let film: FilmContext

    var checks: [any Check] {
        film.bandwidths.map { panel(.encodec(kbps: $0), isAligned: false) }
            + [
                panel(.grid(.exact), isAligned: false), panel(.grid(.seed112), isAligned: false),
                panel(.grid(.seed112), isAligned: true), panel(.resampled, isAligned: false), quality(),
            ]
            + FilmVersion.MelCase.allCases.map { panel(.griffinLim($0), isAligned: false) }
            + TrainedForm.codes.map { panel(.predicted($0.head), isAligned: false) }
    }

    /// What a version of the mel path is held against: the film at its rate.
    private func reference(_ version: FilmVersion) -> FilmVersion {
        if case .griffinLim = version { .atMelRate(.original) } else { .original }
    }

    private func panel(_ version: FilmVersion, isAligned: Bool) -> any Check {
        let id = "roundtrip.\(version.id)" + (isAligned ? ".realigned" : "")
        let title = version.title + (isAligned ? ", re-aligned" : "")
        let form = version.trainedForm
        let plans = QualityMetric.panel.map { $0.plan(id, check: id, title: title, phase: form == nil ? 2 : 3) }
        return SimpleCheck(plans) { record in
            let values = try film.measure(
                QualityMetric.panel.map(\.metric), of: version, against: reference(version), isAligned: isAligned)
            let note = try form.map { try film.trained($0).origin } ?? ""
            for (index, plan) in plans.enumerated() {
                let metric = QualityMetric.panel[index].name
                try record(Finding(plan, .segments(values[index]), note: note, bound: bound(version, metric)))
            }
        }
    }

    private func bound(_ version: FilmVersion, _ metric: String) -> Finding.Bound? {
        guard case .encodec(let kbps) = version else { return nil }
        return PublishedQuality.bound(metric, kbps: kbps)
    }

    /// The chosen bandwidth, with sounds of the worst segments.
    private func quality() -> any Check {
        let version = film.subject
        let plans = QualityMetric.judged.map {
            $0.plan("quality", check: "quality", title: "\(version.title), as delivered")
        }
        return SimpleCheck(plans) { record in
            let values = try film.measure(
                QualityMetric.judged.map(\.metric), of: version, against: film.reference(of: version))
            for (index, plan) in plans.enumerated() {
                let given: [FilmVersion] = film.request.features == nil ? [] : [.features]
                let shown =
                    [.original, .griffinLim(.dense)] + film.bandwidths.map { FilmVersion.encodec(kbps: $0) } + given
                let attachments =
                    index == 0 ? try film.snippets(values[0], direction: plan.direction, versions: shown) : []
                let name = QualityMetric.judged[index].name
                try record(
                    Finding(
                        plan, .segments(values[index]), note: note,
                        bound: PublishedQuality.bound(name, kbps: film.bandwidthKbps), attachments: attachments))
            }
        }
    }

    private var note: String {
        film.isDemonstration
            ? "mini is a demonstration codec: it shows how the verification works and is not expected to pass" : ""
    }
}
