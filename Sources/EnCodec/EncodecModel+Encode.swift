internal import NeuralNetwork
public import NumericCore

extension EncodecModel {
    /// Gives the next samples.
    ///
    /// Fills the buffer with up to `buffer.count / channels` interleaved frames and returns how many; 0 means the end.
    /// Called from changing threads, never from two at once.
    public typealias SampleSource = (UnsafeMutableBufferPointer<Float>) throws -> Int

    /// Encodes a signal that is given piece by piece.
    ///
    /// - Parameters:
    ///   - source: The samples, interleaved, at the codec's rate and channel count.
    ///   - bandwidthKbps: One of the configuration's bandwidths.
    ///   - threadCount: Threads that work at the same time, at least 1.
    ///   - progress: Called in order with the samples encoded so far, or nil.
    /// - Returns: Codes; `ceil(samples / hop)` frames for codecs without chunks.
    /// - Throws: ``EncodecError`` for an unknown bandwidth, an empty signal or a sample that is not finite; whatever
    ///   `source` throws.
    public func encode(
        from source: @escaping SampleSource, bandwidthKbps: Double, threadCount: Int = 1,
        progress: ((_ sampleCount: Int) -> Void)? = nil
    ) throws -> EncodedAudio {
        let codebookCount = try configuration.codebookCount(forBandwidth: bandwidthKbps)
        let collector = CodeCollector(codebookCount: codebookCount, joinsChunks: configuration.isStreamable)
        let quantizer = quantizer
        let sampleCount = try runEncoder(source, threadCount: threadCount, progress: progress) { tile in
            tile.codes = [Int32](repeating: 0, count: codebookCount * tile.rows.rows.rowCount)
            let rows = tile.rows.rows.rowCount
            quantizer.quantize(tile.rows.rows.first, rows: rows, codebookCount: codebookCount) { codebook, row, code in
                tile.codes[codebook * rows + row] = Int32(code)
            }
        } deliver: { tile in
            collector.add(tile.codes, frames: tile.rows.rows.rowCount, scale: tile.scale)
        }
        return EncodedAudio(chunks: collector.chunks, sampleCount: sampleCount)
    }

    /// Encodes samples in memory.
    ///
    /// - Parameters:
    ///   - samples: Interleaved samples at the codec's rate; a multiple of its channel count.
    ///   - bandwidthKbps: One of the configuration's bandwidths.
    ///   - threadCount: Threads that work at the same time, at least 1.
    /// - Returns: Codes.
    /// - Throws: ``EncodecError``.
    public func encode(_ samples: [Float], bandwidthKbps: Double, threadCount: Int = 1) throws -> EncodedAudio {
        try encode(from: source(samples), bandwidthKbps: bandwidthKbps, threadCount: threadCount)
    }

    /// The encoder's output before quantisation.
    ///
    /// - Parameters:
    ///   - samples: Interleaved samples at the codec's rate.
    ///   - threadCount: Threads that work at the same time, at least 1.
    /// - Returns: Latents, (values, frames) row-major as Hugging Face's; chunks follow each other.
    /// - Throws: ``EncodecError``.
    public func continuousLatents(_ samples: [Float], threadCount: Int = 1) throws -> Tensor<Float> {
        let size = configuration.hiddenSize
        var frames: [Float] = []
        _ = try runEncoder(source(samples), threadCount: threadCount, progress: nil, finish: { _ in }) { tile in
            let rows = tile.rows.rows
            frames += UnsafeBufferPointer(start: rows.first, count: rows.rowCount * size)
        }
        return Tensor(frames, shape: [frames.count / size, size]).transposed
    }

    /// Hands out samples of an array.
    private func source(_ samples: [Float]) -> SampleSource {
        let channels = configuration.audioChannels
        precondition(samples.count.isMultiple(of: channels), "\(samples.count) samples of \(channels) channels")
        var position = 0
        return { buffer in
            let count = min(buffer.count, samples.count - position)
            _ = buffer.update(fromContentsOf: samples[position..<position + count])
            position += count
            return count / channels
        }
    }

    /// Runs the encoder over tiles or chunks and returns how many samples per channel were read.
    ///
    /// `finish` sees every tile's latents, tiles in any order and possibly at the same time; `deliver` sees every tile
    /// in order.
    private func runEncoder(
        _ source: @escaping SampleSource, threadCount: Int, progress: ((Int) -> Void)?,
        finish: @escaping (EncodeTile) -> Void, deliver: @escaping (EncodeTile) -> Void
    ) throws -> Int {
        let streams = configuration.isStreamable
        let length = streams ? samplesPerTile : configuration.chunkLength
        let chunks = ChunkSource(
            channelCount: configuration.audioChannels, length: length,
            stride: streams ? samplesPerTile : configuration.chunkStride ?? .max, pull: source)
        let stages =
            Wavefront<EncodeTile>.networkStages(encoder, carriesState: streams) + [
                .init(isOrdered: false) { finish($0) },
                .init(isOrdered: true) { tile in
                    deliver(tile)
                    progress?(tile.endSample)
                },
            ]
        let wavefront = Wavefront<EncodeTile>(
            read: { [configuration] tile in
                let rows = tile.rows.restart(channelCount: configuration.audioChannels)
                guard let (count, isLast) = try chunks.next(into: rows) else { return false }
                guard chunks.sampleCount > 0 else { throw EncodecError.emptyInput(what: "audio to encode") }
                tile.rows.isLast = !streams || isLast
                tile.endSample = chunks.sampleCount
                tile.scale = configuration.normalize ? Self.normalize(rows, count: count) : nil
                return true
            }, stages: stages)
        let makeTile = { [self] in EncodeTile(inputCount: configuration.audioChannels, network: streams ? [] : encoder)
        }
        try wavefront.run(threadCount: threadCount, makeTile: makeTile)
        return chunks.sampleCount
    }

    /// Divides a chunk by the root mean square of its channels' mean (plus 1e-8) and returns that level.
    static func normalize(_ rows: RowQueue, count: Int) -> Float {
        let channels = rows.channelCount
        let samples = UnsafeMutableBufferPointer(start: rows.first, count: count * channels)
        var sum = 0.0
        for frame in 0..<count {
            var mono: Float = 0
            for channel in 0..<channels { mono += samples[frame * channels + channel] }
            mono /= Float(channels)
            sum += Double(mono) * Double(mono)
        }
        let scale = Float((sum / Double(max(count, 1))).squareRoot()) + 1e-8
        for index in samples.indices { samples[index] /= scale }
        return scale
    }
}

/// A stretch of the signal on its way through the encoder.
private final class EncodeTile: NetworkTile {
    var codes: [Int32] = []
    var scale: Float?
    var endSample = 0
}

/// Puts the codes of tiles, which arrive in order, together.
private final class CodeCollector {
    private let joinsChunks: Bool
    private var rows: [[Int32]]
    private var separate: [EncodedAudio.Chunk] = []

    init(codebookCount: Int, joinsChunks: Bool) {
        self.joinsChunks = joinsChunks
        rows = [[Int32]](repeating: [], count: codebookCount)
    }

    func add(_ codes: [Int32], frames: Int, scale: Float?) {
        guard joinsChunks else {
            return separate.append(.init(codes: Tensor(codes, shape: [rows.count, frames]), scale: scale))
        }
        for index in rows.indices { rows[index] += codes[index * frames..<(index + 1) * frames] }
    }

    var chunks: [EncodedAudio.Chunk] {
        guard joinsChunks else { return separate }
        return [.init(codes: Tensor(rows.flatMap(\.self), shape: [rows.count, rows[0].count]))]
    }
}
