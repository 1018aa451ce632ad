/// Sizes and choices of an ``AudioEncoder``; the defaults are the design document's.
public struct AudioEncoderConfiguration: Sendable, Equatable, Codable {
    /// The network.
    public enum Design: String, Sendable, Codable, CaseIterable {
        /// Embeddings (of codes) and three convolutions, pooled over time: the design document's.
        case convolution
        /// Two linear layers on the flattened numbers: the Python system's.
        case linear
    }

    /// Embedding tables of the convolution design.
    public enum Tables: String, Sendable, Codable, CaseIterable {
        /// One table a codebook: the design document's.
        case perCodebook
        /// One table for all codebooks: the first implementation's.
        case shared
    }

    /// How (codebook, frame, embedding) becomes (channel, frame) for the convolutions.
    public enum Reshape: String, Sendable, Codable, CaseIterable {
        /// Channel = codebook and embedding; a frame stays a frame.
        case permute
        /// The same memory read as (channel, frame), as the design document writes it; one output column mixes many
        /// frames. Only to load models that were trained so, and to show what it costs.
        case seedView
    }

    /// What a sample is.
    public var format: AudioFormat
    /// The network.
    public var design: Design
    /// Embedding tables.
    public var tables = Tables.perCodebook
    /// Order of the axes.
    public var reshape = Reshape.permute
    /// Columns of an embedding table.
    public var embeddingWidth = 64
    /// Output channels of each convolution.
    public var scaleWidth: Int
    /// Columns between the two last linear layers.
    public var hiddenWidth: Int
    /// Columns of the output.
    public var outputWidth = 256
    /// Whether dropout acts in training.
    public var usesDropout = true

    /// The widths of the design document and of the Python system.
    ///
    /// - Parameters:
    ///   - format: What a sample is.
    ///   - design: The network.
    public init(format: AudioFormat = .designCodes, design: Design = .convolution) {
        self.format = format
        self.design = design
        switch (design, format) {
        case (.convolution, .codes): (scaleWidth, hiddenWidth) = (128, 256)
        case (.convolution, .mel): (scaleWidth, hiddenWidth) = (64, 256)
        case (.linear, _): (scaleWidth, hiddenWidth) = (0, 512)
        }
    }
}
