internal import NeuralNetwork
public import NumericCore

/// The output of one layer, named by its module path in Hugging Face's model.
public struct StageOutput: Sendable {
    /// Such as `encoder.layers.3`.
    public let name: String
    /// (channels, time) row-major.
    public let values: Tensor<Float>
}

extension EncodecModel {
    /// Every layer's output while one chunk is encoded; the last one is the latents.
    ///
    /// Runs the layers one after the other over the whole chunk: for comparison with a reference, not for speed.
    ///
    /// - Parameter samples: Interleaved samples of one chunk.
    /// - Returns: Layers in order; ELU layers are part of their successors.
    /// - Throws: ``EncodecError/emptyInput(what:)``.
    public func encoderStages(_ samples: [Float]) throws(EncodecError) -> [StageOutput] {
        guard !samples.isEmpty else { throw .emptyInput(what: "audio to encode") }
        let channels = configuration.audioChannels
        precondition(samples.count.isMultiple(of: channels), "\(samples.count) samples of \(channels) channels")
        let rows = RowQueue(channelCount: channels)
        rows.room(forRows: samples.count / channels).update(from: samples, count: samples.count)
        rows.commit(rows: samples.count / channels)
        if configuration.normalize { _ = Self.normalize(rows, count: rows.rowCount) }
        return trace(encoder, rows)
    }

    /// Every layer's output while codes of one chunk are decoded; the last one is the audio before any scale.
    ///
    /// - Parameter codes: (codebooks, frames) of one chunk.
    /// - Returns: Layers in order; ELU layers are part of their successors.
    /// - Throws: ``EncodecError`` for codes that do not fit.
    public func decoderStages(_ codes: Tensor<Int32>) throws(EncodecError) -> [StageOutput] {
        let latents = try dequantizedLatents(codes).transposed
        guard latents.count > 0 else { throw .emptyInput(what: "code frame to decode") }
        let rows = RowQueue(channelCount: configuration.hiddenSize)
        rows.room(forRows: latents.shape[0]).update(from: latents.elements, count: latents.count)
        rows.commit(rows: latents.shape[0])
        return trace(decoder, rows)
    }

    private func trace(_ segments: [SEANetSegment], _ input: RowQueue) -> [StageOutput] {
        var outputs: [StageOutput] = []
        var rows = input
        for segment in segments {
            let next = RowQueue(channelCount: segment.outputCount)
            SegmentRunner(segment).trace(rows, into: StageInput(raw: next, activated: nil)) { name, result in
                let values = Array(
                    UnsafeBufferPointer(start: result.first, count: result.rowCount * result.channelCount))
                let tensor = Tensor(values, shape: [result.rowCount, result.channelCount])
                outputs.append(StageOutput(name: name, values: tensor.transposed))
            }
            rows = next
        }
        return outputs
    }
}
