internal import Verification

/// EnCodec and Griffin-Lim over the same segments, at the mel path's rate and band.
struct ComparisonChecks {
    let film: FilmContext

    var checks: [any Check] {
        [arm("encodec", .atMelRate(film.subject))]
            + FilmVersion.MelCase.allCases.map { arm("griffinlim_\($0.rawValue)", .griffinLim($0)) }
    }

    private func arm(_ name: String, _ version: FilmVersion) -> any Check {
        let id = "versus.\(name)"
        let plans = QualityMetric.compared.map {
            $0.plan(id, check: id, title: version.title, source: "both arms at 22,050 Hz")
        }
        return SimpleCheck(plans) { record in
            let values = try film.measure(
                QualityMetric.compared.map(\.metric), of: version, against: .atMelRate(.original))
            for (plan, values) in zip(plans, values) { try record(Finding(plan, .segments(values))) }
        }
    }
}
