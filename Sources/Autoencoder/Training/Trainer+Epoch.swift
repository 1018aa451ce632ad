public import FeaturePipeline
public import NeuralNetwork
import NumericCore

extension Trainer {
    /// Judges a model by one part of the data set, without dropout and with stored statistics.
    ///
    /// - Parameters:
    ///   - state: The model's numbers.
    ///   - part: Training or validation.
    /// - Returns: The score; not finite where the model's output is not.
    public func score(_ state: ModelState, part: Dataset.Part) -> PartScore {
        let rows = dataset.rows(of: part)
        var sums = ModalityValues()
        var matches: [Int]?
        forEachBatch(of: part) { batch in
            var pass = ForwardPass.evaluation
            let output = model.forward(MultimodalInput(batch), state, &pass).output
            let measured = meter.measure(output, rows: batch.rows)
            sums.add(measured.losses, times: Double(batch.rows.count) / Double(rows.count))
            if let counts = measured.matchCounts { matches = matches.map { zip($0, counts).map { $0 + $1 } } ?? counts }
        }
        let frames = Double(rows.count * (model.configuration.decoder.audio?.frameCount ?? 1))
        return PartScore(
            losses: sums, constantLosses: meter.constantLosses(rows),
            exactMatch: matches.map { $0.map { Double($0) / frames } }, unigramMatch: meter.unigramMatch(rows))
    }

    /// What a model predicts for the audio of one part, TR by TR.
    ///
    /// - Parameters:
    ///   - state: The model's numbers.
    ///   - part: Training or validation.
    /// - Returns: Codes as `AudioPrediction.codes` gives them, or mel features; the part's TRs first.
    public func predictedAudio(_ state: ModelState, part: Dataset.Part) -> AudioFeatures {
        var codes: [Int32] = []
        var mel: [Float] = []
        forEachBatch(of: part) { batch in
            var pass = ForwardPass.evaluation
            let output = model.forward(MultimodalInput(batch), state, &pass).output
            if let audio = output.decoded.audio {
                if let predicted = audio.codes(vocabularySize: AutoencoderConfiguration.vocabularySize) {
                    codes += predicted.elements
                } else {
                    mel += audio.values.elements
                }
            }
        }
        let shape = [dataset.rows(of: part).count] + dataset.audio.shape.dropFirst()
        return codes.isEmpty ? .mel(Tensor(mel, shape: shape)) : .codes(Tensor(codes, shape: shape))
    }

    private func forEachBatch(of part: Dataset.Part, _ body: (TrainingBatch) -> Void) {
        let rows = Array(dataset.rows(of: part))
        for start in stride(from: 0, to: rows.count, by: settings.batchSize) {
            body(dataset.batch(Array(rows[start..<min(start + settings.batchSize, rows.count)])))
        }
    }

    /// One pass over the training part.
    ///
    /// - Returns: The mean losses; nil when the observer asked for an end.
    func pass(
        _ run: inout TrainingCheckpoint, _ gradients: inout Gradients, _ observe: (TrainingEvent) -> Bool
    ) throws(TrainingError) -> ModalityValues? {
        let batches = try Self.batches(dataset, settings, epoch: run.notes.epoch)
        let count = batches.order.reduce(0) { $0 + $1.count }
        var sums = ModalityValues()
        for (index, batch) in batches.enumerated() {
            let losses = try step(batch, &run, &gradients)
            sums.add(losses, times: Double(batch.rows.count) / Double(count))
            let event = TrainingEvent.step(epoch: run.notes.epoch + 1, step: index + 1, stepsPerEpoch: batches.count)
            guard observe(event) else { return nil }
        }
        return sums
    }

    private func step(
        _ batch: TrainingBatch, _ run: inout TrainingCheckpoint, _ gradients: inout Gradients
    ) throws(TrainingError) -> ModalityValues {
        var pass = ForwardPass.training(seed: Self.mix(settings.seed, run.notes.step + 1))
        let (output, cache) = model.forward(MultimodalInput(batch), run.state, &pass)
        let measured = meter.measure(output, rows: batch.rows)
        try requireFinite(measured.losses, run.notes)
        gradients.reset()
        model.backward(measured.gradient, voxels: measured.voxels, cache, run.state, into: &gradients)
        gradients.clip(toGlobalNorm: settings.clipNorm)
        run.optimizer.step(
            &run.state, gradients, learningRate: schedule.learningRate(after: run.notes.step))
        run.state.absorb(pass)
        run.notes.step += 1
        return measured.losses
    }

    func requireFinite(_ losses: ModalityValues, _ notes: TrainingCheckpoint.Notes) throws(TrainingError) {
        for modality in losses.modalities where losses[modality]?.isFinite == false {
            throw .diverged(modality: modality.rawValue, epoch: notes.epoch + 1, step: notes.step + 1)
        }
    }
}

extension ModalityValues {
    mutating func add(_ other: ModalityValues, times factor: Double) {
        for modality in other.modalities { self[modality] = (self[modality] ?? 0) + (other[modality] ?? 0) * factor }
    }
}
