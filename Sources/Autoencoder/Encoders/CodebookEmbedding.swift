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

    func forward(_ codes: Tensor<Int32>, _ state: ModelState) -> Tensor<Float> {
        let (batch, frames) = (codes.shape[0], codes.shape[2])
        var result = [Float](repeating: 0, count: batch * frames * channelCount)
        result.withUnsafeMutableBufferPointer { output in
            guard let base = output.baseAddress else { return }
            forEachLine(codes) { table, line, start, stride in
                table.lookUp(line, state, into: base + start, rowStride: stride)
            }
        }
        switch reshape {
        case .permute: return Tensor(result, shape: [batch, frames, channelCount])
        case .seedView: return Tensor(result, shape: [batch, channelCount, frames]).swappingInnerAxes()
        }
    }

    func backward(_ gradient: Tensor<Float>, codes: Tensor<Int32>, into gradients: inout Gradients) {
        let ordered =
            switch reshape {
            case .permute: gradient
            case .seedView: gradient.swappingInnerAxes()
            }
        ordered.elements.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            forEachLine(codes) { table, line, start, stride in
                table.accumulate(base + start, rowStride: stride, codes: line, into: &gradients)
            }
        }
    }

    /// Calls `body` for each sample and codebook with its table, its codes, and where its vectors lie: in the permuted
    /// order frames are a whole row apart, in the memory order of (codebook, frame, width) they follow each other.
    private func forEachLine(
        _ codes: Tensor<Int32>, _ body: (EmbeddingLayer, ArraySlice<Int32>, _ start: Int, _ stride: Int) -> Void
    ) {
        let frames = codes.shape[2]
        for index in 0..<codes.shape[0] * codebookCount {
            let (sample, codebook) = index.quotientAndRemainder(dividingBy: codebookCount)
            let line = codes.elements[index * frames..<(index + 1) * frames]
            let table = tables[tables.count == 1 ? 0 : codebook]
            switch reshape {
            case .permute: body(table, line, sample * frames * channelCount + codebook * width, channelCount)
            case .seedView: body(table, line, index * frames * width, width)
            }
        }
    }
}
