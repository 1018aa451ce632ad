public import NumericCore

/// What an encoder made of a signal: codes, and for codecs that normalise, the level of each chunk.
public struct EncodedAudio: Sendable, Equatable {
    /// One stretch of the signal that was encoded on its own.
    public struct Chunk: Sendable, Equatable {
        /// Codes, (codebooks, frames) row-major; the first codebook is the coarsest.
        public var codes: Tensor<Int32>
        /// Factor that restores the chunk's level, for codecs that normalise.
        public var scale: Float?

        /// A chunk.
        ///
        /// - Parameters:
        ///   - codes: (codebooks, frames).
        ///   - scale: Level, or nil for codecs that do not normalise.
        public init(codes: Tensor<Int32>, scale: Float? = nil) {
            precondition(codes.rank == 2, "codes of shape \(codes.shape)")
            self.codes = codes
            self.scale = scale
        }
    }

    /// One chunk for codecs that take the whole signal; overlapping chunks in time order otherwise.
    public var chunks: [Chunk]
    /// Samples (per channel) that were encoded.
    public var sampleCount: Int

    /// Encoded audio.
    ///
    /// - Parameters:
    ///   - chunks: In time order.
    ///   - sampleCount: Samples per channel that were encoded.
    public init(chunks: [Chunk], sampleCount: Int) {
        self.chunks = chunks
        self.sampleCount = sampleCount
    }

    /// Codebooks of every chunk.
    public var codebookCount: Int { chunks.first?.codes.shape[0] ?? 0 }
    /// Frames of each chunk.
    public var frameCounts: [Int] { chunks.map { $0.codes.shape[1] } }
    /// Frames of all chunks together.
    public var frameCount: Int { frameCounts.reduce(0, +) }

    /// The same audio at a lower bandwidth: the first codebooks alone.
    ///
    /// - Parameter count: 1 ... ``codebookCount``.
    /// - Returns: Chunks with `count` codebooks.
    public func keeping(codebooks count: Int) -> EncodedAudio {
        precondition((1...max(codebookCount, 1)).contains(count), "\(count) of \(codebookCount) codebooks")
        let kept = chunks.map { chunk in
            let frames = chunk.codes.shape[1]
            let codes = Tensor([Int32](chunk.codes.elements.prefix(count * frames)), shape: [count, frames])
            return Chunk(codes: codes, scale: chunk.scale)
        }
        return EncodedAudio(chunks: kept, sampleCount: sampleCount)
    }
}
