internal import Verification

extension ClaimsAudit {
    /// What cannot be measured here, and what would make it measurable.
    var openClaims: [Claim] {
        [
            open(
                12, "api", phase: 1, "the calls to the codec's Python package work as written",
                reason: "the calls are Python and nothing here runs them",
                remedy: "run the document's snippets against the installed package in continuous integration",
                advice: "the reference's decode takes (chunks, batch, codebooks, frames) and a list of scales"),
            open(
                15, "faster_training", phase: 3, "training on codes is 20 to 30 % faster",
                reason: "no training step of both formats was timed in this run",
                remedy: "time equal steps of both formats and verify phase 3",
                advice: "look at where the weights are before expecting anything: audio has a small share of them"),
            open(
                16, "sparse_gradients", phase: 3, "looking embeddings up gives sparse gradients",
                reason: "the layout of gradients is the training framework's and no training was part of this run",
                remedy: "inspect the layout of the embedding's gradient after one step",
                advice: "gradients are dense unless the layer and the optimiser are told otherwise"),
            open(
                20, "regression", phase: 3, "regression on codes is better than classification",
                reason: "no model with either head was trained in this run",
                remedy: "train both heads on the same features and verify phase 3",
                advice: "compare exact matches by codebook and the decoded sound, not the squared error"),
            open(
                27, "brain", phase: 3, "reconstructions show what the brain represents",
                reason: "no fMRI prediction is part of this run",
                remedy: "verify phase 3 with predictions and a permutation threshold",
                advice: "a correlation counts only above what permuted time series reach"),
        ]
    }

    private func open(
        _ number: Int, _ name: String, phase: Int, _ text: String, reason: String, remedy: String, advice: String
    ) -> Claim {
        Claim(
            number: number, name: name, phase: phase, text: text, unit: "1", variant: "claim.open", direction: .higher,
            advice: advice
        ) { throw NotMeasurable(reason, remedy: remedy) }
    }
}
