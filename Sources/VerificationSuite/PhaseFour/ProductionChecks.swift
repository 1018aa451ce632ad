internal import FeaturePipeline
internal import Verification

/// What must hold before codes become the default.
struct ProductionChecks {
    var checks: [any Check] {
        [
            caches(), switchedDefault(),
            open(
                "production.readme", "Commands of the README and the migration guide that do not run",
                "the commands of the README are run by the tests, not by a verification", remedy: "run make test"),
        ]
    }

    private static func plan(_ id: String, check: String? = nil, _ title: String, unit: String) -> FindingPlan {
        FindingPlan(
            id: id, check: check ?? id, phase: 4, title: title, unit: unit, variant: id, direction: .lower,
            source: "Phase 4 of the migration")
    }

    /// Stores features of every format, loads them, and tries to load what was damaged.
    private func caches() -> any Check {
        let plans = [
            Self.plan(
                "production.caches.readable", check: "production.caches", "Caches that cannot be read", unit: "caches"),
            Self.plan(
                "production.caches.refused", check: "production.caches", "Damaged or foreign caches that are accepted",
                unit: "caches"),
        ]
        return SimpleCheck(plans) { record in
            let trial = try CacheTrial()
            defer { trial.remove() }
            let unread = trial.unreadable()
            try record(
                Finding(
                    plans[0], .value(Double(unread.failures.count)), population: unread.count, populationUnit: "caches",
                    note: unread.failures.first ?? ""))
            let taken = try trial.accepted()
            try record(
                Finding(
                    plans[1], .value(Double(taken.failures.count)), population: taken.count, populationUnit: "caches",
                    note: taken.failures.first ?? ""))
        }
    }

    private func switchedDefault() -> any Check {
        let plan = Self.plan("production.default", "Defaults that are not switched yet", unit: "defaults")
        return SimpleCheck([plan]) { record in
            guard PipelineDefaults.useEncodec else {
                throw NotMeasurable(
                    "the default is still the mel path, which is right until phases 1 to 3 hold",
                    remedy: "switch PipelineDefaults.useEncodec when they do")
            }
            try record(Finding(plan, .value(0), population: 1, populationUnit: "defaults"))
        }
    }

    private func open(_ id: String, _ title: String, _ reason: String, remedy: String) -> any Check {
        SimpleCheck([Self.plan(id, title, unit: "commands")]) { _ in throw NotMeasurable(reason, remedy: remedy) }
    }
}
