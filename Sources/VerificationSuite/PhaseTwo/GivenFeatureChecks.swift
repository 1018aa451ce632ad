internal import FeaturePipeline
internal import Verification

/// What the given features are, before they are heard.
struct GivenFeatureChecks {
    let film: FilmContext

    var checks: [any Check] {
        guard let features = film.request.features else { return [] }
        return [facts(features), panel()]
    }

    private func facts(_ features: GivenFeatures) -> any Check {
        func plan(_ name: String, _ title: String, unit: String) -> FindingPlan {
            FindingPlan(
                id: "given.\(name)", check: "given", phase: 2, title: title, unit: unit, variant: "given.\(name)",
                direction: .lower, source: features.label)
        }
        let plans = [
            plan("concerns", "Concerns about the format of the given features", unit: "concerns"),
            plan("rows", "Rows that the given features lack", unit: "TRs"),
            plan("rounded", "Given codes that are no whole numbers", unit: "codes"),
            plan("clipped", "Given codes outside the codebook", unit: "codes"),
        ]
        return SimpleCheck(plans) { record in
            let (found, notes) = (features.detection, features.input.notes)
            let count = features.input.values.shape.reduce(1, *)
            func note(_ index: Int, _ value: Int, _ population: Int, _ unit: String, _ text: String = "") throws {
                try record(
                    Finding(
                        plans[index], .value(Double(value)), population: population, populationUnit: unit, note: text))
            }
            let text =
                (["read as \(features.input.layout.format.rawValue), detected as \(found.format)"] + found.concerns)
                .joined(separator: "; ")
            try note(0, found.concerns.count, 1, "files", text)
            try note(1, film.trCount - features.trCount, film.trCount, "TRs", "\(features.trCount) rows")
            try note(2, notes.roundedCount, count, "values")
            try note(3, notes.clippedCount, count, "values")
        }
    }

    private func panel() -> any Check {
        let id = "roundtrip.features"
        let plans = QualityMetric.panel.map { $0.plan(id, check: id, title: FilmVersion.features.title) }
        return SimpleCheck(plans) { record in
            let values = try film.measure(
                QualityMetric.panel.map(\.metric), of: .features, against: film.reference(of: .features))
            for (plan, values) in zip(plans, values) { try record(Finding(plan, .segments(values))) }
        }
    }
}
