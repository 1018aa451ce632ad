import NeuralNetwork
import NumericCore

/// Turns codes (batch, codebooks, frames) into rows (batch, frames, codebooks x width) for the convolutions.
struct CodebookEmbedding: Sendable {
    private let tables: [EmbeddingLayer]
    private let codebookCount: Int
    private let width: Int
    private let reshape: AudioEncoderConfiguration.Reshape

    init(
        _ configuration: AudioEncoderConfiguration, codebookCount: Int, vocabularySize: Int, prefix: String,
        in layout: inout ParameterLayout
    ) {
        width = configuration.embeddingWidth
        self.codebookCount = codebookCount
        reshape = configuration.reshape
        let names =
            switch configuration.tables {
            case .perCodebook: (0..<codebookCount).map { "\(prefix)embeddings.\($0)" }
            case .shared: ["\(prefix)code_embedding"]
            }
        tables = names.map {
            EmbeddingLayer($0, vocabularySize: vocabularySize, width: configuration.embeddingWidth, in: &layout)
        }
    }

    var channelCount: Int { codebookCount * width }

    func forward(_ codes: Tensor<Int32>, _ state: ModelState, padding: Int) -> PaddedRows {
        let (batch, frames) = (codes.shape[0], codes.shape[2])
        var rows = PaddedRows(batchCount: batch, length: frames, padding: padding, channelCount: channelCount)
        switch reshape {
        case .permute:
            rows.fillSequences { sample, target in
                forEachLine(codes, sample) { table, line, codebook in
                    table.lookUp(line, state, into: target + codebook * width, rowStride: channelCount)
                }
            }
            return rows
        case .seedView:
            // In memory (codebook, frame, width), which is read as (channel, frame).
            var flat = PaddedRows(batchCount: batch, length: channelCount, padding: 0, channelCount: frames)
            flat.fillSequences { sample, target in
                forEachLine(codes, sample) { table, line, codebook in
                    table.lookUp(line, state, into: target + codebook * frames * width, rowStride: width)
                }
            }
            return PaddedRows(flat.tensor.swappingInnerAxes(), padding: padding)
        }
    }

    func backward(_ gradient: PaddedRows, codes: Tensor<Int32>, into gradients: inout Gradients) {
        switch reshape {
        case .permute:
            gradient.forEachSequence { sample, source in
                forEachLine(codes, sample) { table, line, codebook in
                    table.accumulate(
                        source + codebook * width, rowStride: channelCount, codes: line, into: &gradients)
                }
            }
        case .seedView:
            let frames = codes.shape[2]
            PaddedRows(gradient.tensor.swappingInnerAxes(), padding: 0).forEachSequence { sample, source in
                forEachLine(codes, sample) { table, line, codebook in
                    table.accumulate(
                        source + codebook * frames * width, rowStride: width, codes: line, into: &gradients)
                }
            }
        }
    }

    /// Calls `body` for each codebook of a sample with its table and its codes.
    private func forEachLine(
        _ codes: Tensor<Int32>, _ sample: Int, _ body: (EmbeddingLayer, ArraySlice<Int32>, _ codebook: Int) -> Void
    ) {
        let frames = codes.shape[2]
        for codebook in 0..<codebookCount {
            let start = (sample * codebookCount + codebook) * frames
            body(tables[tables.count == 1 ? 0 : codebook], codes.elements[start..<start + frames], codebook)
        }
    }
}
