internal import Verification

/// What a phase needs and this version cannot measure yet: named, so that no run is green without it.
enum PendingChecks {
    static var models: any Check {
        let plan = FindingPlan(
            id: "golden.models.forward", check: "golden.models.forward", phase: 1,
            title: "Forward pass of audio encoder and decoder", unit: "of the peak", variant: "error.peak",
            direction: .lower, source: "PyTorch")
        return SimpleCheck([plan]) { _ in
            throw NotMeasurable(
                "this version of codecgate holds no audio encoder and decoder",
                remedy: "use a version of codecgate that holds the models")
        }
    }
}
