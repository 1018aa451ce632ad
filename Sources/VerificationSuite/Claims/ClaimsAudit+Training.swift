internal import Autoencoder
internal import FeaturePipeline
internal import NeuralNetwork
internal import NumericCore
internal import Verification

extension ClaimsAudit {
    /// What is claimed about training, on the models that phase 3 trains.
    var trainingClaims: [Claim] { [fasterTraining, sparseGradients, regression, brain] }

    private var fasterTraining: Claim {
        Claim(
            number: 15, name: "faster_training", phase: 3, text: "training on codes is 20 to 30 % faster",
            unit: "codes over mel", variant: "training.multiply_adds", direction: .lower,
            advice: "look at where the weights are before expecting anything: audio has a small share of them"
        ) {
            var mel = AutoencoderConfiguration()
            mel.encoder.audio = AudioEncoderConfiguration(format: .legacyMel)
            (mel.decoder.audio, mel.decoder.audioHead) = (.legacyMel, .mel(tail: .repeatLast))
            func python(_ format: AudioFormat) -> StepWork { StepWork(.python(audio: format)) }
            let designs = [
                ("the design's model", StepWork(AutoencoderConfiguration()), StepWork(mel)),
                ("the Python system's model", python(.designCodes), python(.legacyMel)),
            ]
            let shares = designs.map { name, codes, mel in
                "\(name): audio is \((100 * codes.audio / codes.total).shortText) % of the work with codes, "
                    + "\((100 * mel.audio / mel.total).shortText) % with mel"
            }
            let parts = designs.flatMap { name, codes, mel in
                [
                    Claim.Part(name: "\(name), multiply-adds", value: codes.total / mel.total, line: 0.8),
                    Claim.Part(
                        name: "\(name), numbers to update",
                        value: Double(codes.parameterCount) / Double(mel.parameterCount), line: 0.8),
                ]
            }
            return .init(
                parts: parts, population: designs.count, populationUnit: "models",
                detail: "one step at full width; \(shares.joined(separator: "; ")); small batches are bound by the "
                    + "numbers to update; seconds of the small models' steps are among the run's timings")
        }
    }

    private var sparseGradients: Claim {
        Claim(
            number: 16, name: "sparse_gradients", phase: 3, text: "looking embeddings up gives sparse gradients",
            unit: "share", variant: "gradient.empty_rows", direction: .higher,
            advice: "gradients are dense unless the layer and the optimiser are told otherwise"
        ) {
            let run = try film.trained(.regression)
            let gradients = embeddingGradients(run)
            guard !gradients.isEmpty else { throw NotMeasurable("the model embeds no codes") }
            let rows = gradients.reduce(0) { $0 + $1.shape[0] }
            let empty = gradients.reduce(0) { $0 + Self.emptyRowCount($1) }
            // A gradient that leaves rows out has fewer elements than its table; these are the tables' own shapes.
            let stored = gradients.reduce(0) { $0 + $1.count }
            let whole = run.trainer.model.layout.entries.filter { Self.isEmbedding($0.name) }.reduce(0) {
                $0 + $1.count
            }
            return .init(
                parts: [
                    .init(name: "rows without a gradient after a step", value: Double(empty) / Double(rows), line: 0.5),
                    .init(
                        name: "share of the tables that is not stored", value: 1 - Double(stored) / Double(whole),
                        line: 0.5),
                ], population: rows, populationUnit: "rows",
                detail: "one step over \(run.trainer.settings.batchSize) TRs; PyTorch stores them densely, too, unless "
                    + "sparse=True is given")
        }
    }

    static func isEmbedding(_ name: String) -> Bool { name.contains("embedding") }

    /// Rows of a table whose gradient is 0 throughout.
    static func emptyRowCount(_ gradient: Tensor<Float>) -> Int {
        let width = gradient.shape[1]
        return (0..<gradient.shape[0]).count { row in
            gradient.elements[row * width..<(row + 1) * width].allSatisfy { $0 == 0 }
        }
    }

    /// Gradients of the tables after the first batch of an epoch, of any loss: which rows they reach is the same.
    private func embeddingGradients(_ run: TrainedRun) -> [Tensor<Float>] {
        let (model, settings) = (run.trainer.model, run.trainer.settings)
        let rows = run.trainer.dataset.rows(of: .training).prefix(settings.batchSize)
        var pass = ForwardPass.training(seed: settings.seed)
        let input = MultimodalInput(audio: run.trainer.dataset.audio.input(rows.startIndex..<rows.endIndex))
        let (output, cache) = model.forward(input, run.last, &pass)
        var gradients = Gradients(model.layout)
        var loss = MultimodalDecoder.OutputGradient()
        loss.audio = output.decoded.audio.map(\.values)
        model.backward(loss, voxels: nil, cache, run.last, into: &gradients)
        return model.layout.entries.filter { Self.isEmbedding($0.name) }.compactMap { gradients.tensor($0.name) }
    }

    private var regression: Claim {
        Claim(
            number: 20, name: "regression", phase: 3, text: "regression on codes is better than classification",
            unit: "difference", variant: "heads.difference", direction: .higher,
            advice:
                "train a head for each codebook by cross-entropy; a code is a label, and a near one is another sound"
        ) {
            let runs = try TrainedForm.codes.map { try film.trained($0) }
            let matches = runs.compactMap { run in run.scores[.training]?.exactMatch.map(Self.mean) }
            guard matches.count == 2 else { throw NotMeasurable("the models predicted no codes") }
            let sounds = try TrainedForm.codes.map {
                try mean(.scaleInvariantSDR(), of: .predicted($0.head)).value
            }
            return .init(
                parts: [
                    .init(
                        name: "exact codes of what was seen, regression's share less classification's",
                        value: matches[1] - matches[0], line: 0),
                    .init(
                        name: "SI-SDR of the decoded predictions in dB, the same difference",
                        value: sounds[1] - sounds[0], line: 0),
                ], population: 2, populationUnit: "models",
                detail: "classification \((100 * matches[0]).shortText) % and \(sounds[0].shortText) dB, regression "
                    + "\((100 * matches[1]).shortText) % and \(sounds[1].shortText) dB; \(runs[0].split.text)")
        }
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    private var brain: Claim {
        Claim(
            number: 27, name: "brain", phase: 3, text: "reconstructions show what the brain represents",
            unit: "share of voxels", variant: "voxels.significant", direction: .higher,
            advice:
                "verify with --fmri and a recorded scan; a correlation counts only above what shifted predictions reach"
        ) {
            let checks = BrainChecks(film: film)
            let synthetic = try film.syntheticBrain(checks.scan)
            let (answering, voxels) = (checks.scan.answeringCount, checks.scan.voxelCount)
            let recorded = try film.request.scan.map { scan in
                try film.recordedBrain(scan).significantShare(of: 0..<scan.series.shape[1])
            }
            let missed = synthetic.significantShare(of: answering..<voxels)
            return .init(
                parts: [
                    .init(
                        name: "synthetic voxels that answer and are found",
                        value: synthetic.significantShare(of: 0..<answering), line: 0.5),
                    // With no voxel that answers, 5 % of all scans have any significant one; 5 % of the voxels is far more.
                    recorded.map { .init(name: "recorded voxels that are predicted", value: $0, line: 0.05) }
                        ?? .init(name: "recorded scans at hand", value: 0, line: 1),
                ], population: voxels, populationUnit: "voxels",
                detail:
                    "\((100 * missed).shortText) % of the synthetic voxels of noise seem to answer; synthetic voxels "
                    + "answer by construction and show that the method finds what is there, not what a brain does")
        }
    }
}
