internal import FoundationEssentials
public import NeuralNetwork

/// An EnCodec architecture as Hugging Face's config.json describes it.
public struct EncodecConfiguration: Sendable, Equatable {
    /// How the convolutions are normalised.
    public enum Normalization: String, Sendable {
        /// Weights as direction and length; nothing at run time.
        case weightNorm = "weight_norm"
        /// Group normalisation over time and channels; needs whole chunks.
        case timeGroupNorm = "time_group_norm"
    }

    /// Bandwidths in kbps, ascending.
    public var targetBandwidths: [Double] = [1.5, 3, 6, 12, 24]
    /// Samples per second.
    public var samplingRate = 24000
    /// 1 or 2.
    public var audioChannels = 1
    /// Whether every chunk is divided by its level.
    public var normalize = false
    /// Length of a chunk in seconds, or nil for the whole signal.
    public var chunkSeconds: Double?
    /// Share of a chunk that overlaps the next one, or nil.
    public var overlap: Double?
    /// Values of a latent.
    public var hiddenSize = 128
    /// Channels at the full rate.
    public var filterCount = 32
    /// Residual units at each rate.
    public var residualLayerCount = 1
    /// Strides of the decoder, first to last.
    public var upsamplingRatios = [8, 5, 4, 2]
    /// How the convolutions are normalised.
    public var normalization = Normalization.weightNorm
    /// Taps of the first convolution.
    public var kernelSize = 7
    /// Taps of the last convolution.
    public var lastKernelSize = 7
    /// Taps of a residual unit's first convolution.
    public var residualKernelSize = 3
    /// Growth of the dilation from one residual unit to the next.
    public var dilationGrowthRate = 2
    /// Whether no output depends on later input.
    public var isCausal = true
    /// How signals are extended at their ends.
    public var paddingMode = PaddingMode.reflect
    /// Channels of a residual unit divided by those of its inside.
    public var compress = 2
    /// Layers of the LSTM.
    public var lstmLayerCount = 2
    /// Share of a transposed convolution's surplus that is cut at the end (causal models).
    public var trimRightRatio = 1.0
    /// Entries of a codebook, a power of two.
    public var codebookSize = 1024
    /// Whether residual units have a convolution on their shortcut.
    public var usesConvolutionShortcut = true

    /// The 24 kHz model's configuration.
    public init() {}

    /// Samples of one code frame.
    public var hopLength: Int { upsamplingRatios.reduce(1, *) }
    /// Code frames per second, rounded up.
    public var frameRate: Int { (samplingRate + hopLength - 1) / hopLength }
    /// Bits of one code.
    public var bitsPerCode: Int { codebookSize.trailingZeroBitCount }
    /// Samples of a chunk, or nil for the whole signal.
    public var chunkLength: Int? { chunkSeconds.map { Int($0 * Double(samplingRate)) } }
    /// Samples from one chunk to the next, or nil.
    public var chunkStride: Int? {
        guard let chunkLength, let overlap else { return nil }
        return max(1, Int((1 - overlap) * Double(chunkLength)))
    }
    /// Codebooks of the highest bandwidth.
    public var codebookCount: Int { Int(1000 * (targetBandwidths.last ?? 0)) / (frameRate * bitsPerCode) }
    /// Channels at the LSTM.
    public var innermostChannelCount: Int { filterCount << upsamplingRatios.count }

    /// Whether the codec can run in time tiles with carried state.
    public var isStreamable: Bool { normalization == .weightNorm && !normalize && chunkSeconds == nil }

    /// Codebooks that a bandwidth pays for: floor(kbps x 1000 / (bits per code x frame rate)), at least 1.
    ///
    /// - Parameter kbps: One of ``targetBandwidths``.
    /// - Returns: 1 ... ``codebookCount``.
    /// - Throws: ``EncodecError/unsupportedBandwidth(kbps:supported:)`` for any other bandwidth.
    public func codebookCount(forBandwidth kbps: Double) throws(EncodecError) -> Int {
        guard targetBandwidths.contains(kbps) else {
            throw .unsupportedBandwidth(kbps: kbps, supported: targetBandwidths)
        }
        return max(1, Int(kbps * 1000) / (bitsPerCode * frameRate))
    }

    /// Code frames of a signal: ceil(samples / hop).
    ///
    /// - Parameter sampleCount: At least 0.
    /// - Returns: Frames of the signal taken as one chunk.
    public func frameCount(forSamples sampleCount: Int) -> Int { (sampleCount + hopLength - 1) / hopLength }
}
