internal import NeuralNetwork
public import NumericCore

extension EncodecModel {
    /// Receives decoded samples, interleaved, piece by piece in order; from changing threads, never from two at once.
    public typealias SampleSink = (UnsafeBufferPointer<Float>) throws -> Void

    /// Decodes codes and hands the samples on as they come.
    ///
    /// - Parameters:
    ///   - encoded: 1 to ``EncodecConfiguration/codebookCount`` codebooks; scales exactly where the codec normalises.
    ///   - threadCount: Threads that work at the same time, at least 1.
    ///   - sink: Receives hop x frames samples per channel for codecs without chunks; otherwise overlapping chunks are
    ///     cross-faded as the reference does. Where the reference fails because a short last chunk ends inside the one
    ///     before it, the longer chunk's end is kept.
    /// - Throws: ``EncodecError`` for codes or scales that do not fit; whatever `sink` throws.
    public func decode(_ encoded: EncodedAudio, threadCount: Int = 1, to sink: @escaping SampleSink) throws {
        try check(encoded)
        let quantizer = quantizer
        let jobs = decodeJobs(frameCounts: encoded.chunks.map { $0.codes.shape[1] })
        try runDecoder(jobs, scales: encoded.chunks.map(\.scale), threadCount: threadCount, to: sink) { job, target in
            quantizer.dequantize(encoded.chunks[job.chunk].codes, frames: job.frames, into: target)
        }
    }

    /// Decodes codes.
    ///
    /// - Parameters:
    ///   - encoded: As for ``decode(_:threadCount:to:)``.
    ///   - threadCount: Threads that work at the same time, at least 1.
    /// - Returns: Interleaved samples.
    /// - Throws: ``EncodecError`` for codes or scales that do not fit.
    public func decode(_ encoded: EncodedAudio, threadCount: Int = 1) throws -> [Float] {
        var samples: [Float] = []
        try decode(encoded, threadCount: threadCount) { samples += $0 }
        return samples
    }

    /// Decodes latents that need not be sums of codebook entries.
    ///
    /// - Parameters:
    ///   - latents: (values, frames), as ``continuousLatents(_:threadCount:)`` gives them; codecs without chunks only.
    ///   - threadCount: Threads that work at the same time, at least 1.
    /// - Returns: Interleaved samples.
    /// - Throws: ``EncodecError`` when the latents are of the wrong width or empty, or the codec works in chunks.
    public func decode(latents: Tensor<Float>, threadCount: Int = 1) throws -> [Float] {
        guard latents.rank == 2, latents.shape[0] == configuration.hiddenSize else {
            throw EncodecError.wrongLatentSize(found: latents.shape.first ?? 0, expected: configuration.hiddenSize)
        }
        guard latents.count > 0 else { throw EncodecError.emptyInput(what: "latent to decode") }
        guard !configuration.normalize else {
            throw EncodecError.badScale(chunk: 0, problem: "is needed by this codec and latents carry none")
        }
        let size = configuration.hiddenSize
        let frames = latents.transposed.elements
        var samples: [Float] = []
        try runDecoder(
            decodeJobs(frameCounts: [latents.shape[1]]), scales: [nil], threadCount: threadCount,
            to: { samples += $0 },
            fill: { job, target in
                frames.withUnsafeBufferPointer { all in
                    guard let base = all.baseAddress else { return }
                    target.update(from: base + job.frames.lowerBound * size, count: job.frames.count * size)
                }
            })
        return samples
    }

    /// The latents that codes stand for: the sum of their codebook entries.
    ///
    /// - Parameter codes: (codebooks, frames), 1 to ``EncodecConfiguration/codebookCount`` codebooks.
    /// - Returns: (values, frames), as Hugging Face's quantiser decodes them.
    /// - Throws: ``EncodecError`` for a code or a count outside the codec's.
    public func dequantizedLatents(_ codes: Tensor<Int32>) throws(EncodecError) -> Tensor<Float> {
        try check(codes)
        let size = configuration.hiddenSize
        var frames = Tensor<Float>(repeating: 0, shape: [codes.shape[1], size])
        frames.withMutableElements { elements in
            guard let base = elements.baseAddress else { return }
            quantizer.dequantize(codes, frames: 0..<codes.shape[1], into: base)
        }
        return frames.transposed
    }

    /// The codes nearest to latents.
    ///
    /// - Parameters:
    ///   - latents: (values, frames).
    ///   - codebookCount: 1 to ``EncodecConfiguration/codebookCount``.
    /// - Returns: (codebooks, frames).
    /// - Throws: ``EncodecError`` for a width or count outside the codec's, or a latent that is not finite.
    public func quantize(_ latents: Tensor<Float>, codebookCount: Int) throws(EncodecError) -> Tensor<Int32> {
        guard latents.rank == 2, latents.shape[0] == configuration.hiddenSize else {
            throw .wrongLatentSize(found: latents.shape.first ?? 0, expected: configuration.hiddenSize)
        }
        guard (1...quantizer.codebooks.count).contains(codebookCount) else {
            throw .wrongCodebookCount(found: codebookCount, available: quantizer.codebooks.count)
        }
        if let index = latents.elements.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteSample(index: index)
        }
        let frameCount = latents.shape[1]
        var residual = latents.transposed
        var codes = [Int32](repeating: 0, count: codebookCount * frameCount)
        residual.withMutableElements { elements in
            guard let base = elements.baseAddress else { return }
            quantizer.quantize(base, rows: frameCount, codebookCount: codebookCount) { codebook, row, code in
                codes[codebook * frameCount + row] = Int32(code)
            }
        }
        return Tensor(codes, shape: [codebookCount, frameCount])
    }

    private func check(_ encoded: EncodedAudio) throws(EncodecError) {
        guard encoded.frameCount > 0 else { throw .emptyInput(what: "code frame to decode") }
        if configuration.isStreamable, encoded.chunks.count != 1 {
            throw .badScale(chunk: 1, problem: "belongs to a second chunk, but this codec has one chunk only")
        }
        for (index, chunk) in encoded.chunks.enumerated() {
            try check(chunk.codes)
            switch (configuration.normalize, chunk.scale) {
            case (true, nil): throw .badScale(chunk: index, problem: "is missing")
            case (true, .some(let scale)) where !(scale.isFinite && scale > 0):
                throw .badScale(chunk: index, problem: "is \(scale), not a positive number")
            case (false, .some): throw .badScale(chunk: index, problem: "is given, but this codec does not normalise")
            default: break
            }
        }
    }

    private func check(_ codes: Tensor<Int32>) throws(EncodecError) {
        let available = quantizer.codebooks.count
        guard codes.rank == 2, (1...available).contains(codes.shape[0]) else {
            throw .wrongCodebookCount(found: codes.shape.first ?? 0, available: available)
        }
        let size = configuration.codebookSize
        if let index = codes.elements.firstIndex(where: { !(0..<size).contains(Int($0)) }) {
            throw .codeOutOfRange(
                code: Int(codes.elements[index]), codebook: index / codes.shape[1], frame: index % codes.shape[1],
                size: size)
        }
    }
}
