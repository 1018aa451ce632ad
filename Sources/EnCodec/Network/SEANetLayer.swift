internal import NeuralNetwork

/// One layer of the encoder or decoder with its weights; `name` is Hugging Face's module path.
struct SEANetLayer: Sendable {
    enum Kind: Sendable {
        /// A convolution of the input as it is, or through ELU.
        case convolution(Convolution, readsActivated: Bool)
        case residual(ResidualBlock)
        case transposed(TransposedConvolution)
        case recurrent(LongShortTermMemory)
    }

    let name: String
    let kind: Kind
    /// Channels that the layer reads.
    let inputCount: Int
    /// Channels that it writes.
    let outputCount: Int

    /// The layer at work on one signal.
    func makeStage() -> any StreamStage {
        switch kind {
        case .convolution(let convolution, let readsActivated):
            ConvolutionStage(convolution, readsActivated: readsActivated)
        case .residual(let block): ResidualStage(block)
        case .transposed(let layer): TransposedConvolutionStage(layer)
        case .recurrent(let network): LongShortTermMemoryStage(network)
        }
    }
}

/// Layers that one worker runs on a tile without letting another worker in between, in sub-tiles that stay in cache.
struct SEANetSegment: Sendable {
    let layers: [SEANetLayer]
    /// Input rows of one sub-tile.
    let subTileRows: Int

    var inputCount: Int { layers.first?.inputCount ?? 0 }
    var outputCount: Int { layers.last?.outputCount ?? 0 }

    /// Sub-tiles of about 30,000 floats in the widest full-rate rows; deep layers take more rows, because their
    /// weights (up to 8 MB) are read again for every sub-tile.
    init(_ layers: [SEANetLayer], innerChannelCount: Int, inputRowsPerInnerRow: Double = 1) {
        self.layers = layers
        let innerRows = innerChannelCount <= 128 ? 30_720 / innerChannelCount : 384
        subTileRows = max(12, Int(Double(innerRows) * inputRowsPerInnerRow))
    }

    /// A segment that takes whatever comes in one go.
    init(whole layers: [SEANetLayer]) {
        self.layers = layers
        subTileRows = .max
    }
}
