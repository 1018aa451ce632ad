internal import NumericCore

/// Codebooks applied one after the other, each to what the ones before left over.
struct ResidualVectorQuantizer: Sendable {
    /// One codebook.
    struct Codebook: Sendable {
        /// Entries, (size, dimension) row-major.
        let entries: [Float]
        /// Squared norms of the entries, float32 sums as the reference's.
        let norms: [Float]
        let packed: PackedMatrix

        init(entries: [Float], size: Int, dimension: Int) {
            self.entries = entries
            norms = (0..<size).map { entry in
                entries[entry * dimension..<(entry + 1) * dimension].reduce(0) { $0 + $1 * $1 }
            }
            packed = PackedMatrix(depth: dimension, columnCount: size) { entries[$1 * dimension + $0] }
        }
    }

    let dimension: Int
    let codebookSize: Int
    let codebooks: [Codebook]
    private let zeroBias: AlignedFloats

    init(configuration: EncodecConfiguration, weights: inout WeightReader) throws(EncodecError) {
        dimension = configuration.hiddenSize
        codebookSize = configuration.codebookSize
        let shape = [codebookSize, dimension]
        var codebooks: [Codebook] = []
        for index in 0..<configuration.codebookCount {
            let name = "quantizer.layers.\(index).codebook"
            codebooks.append(
                Codebook(
                    entries: try weights.take(name + ".embed", shape: shape), size: codebookSize, dimension: dimension))
            // Statistics of training; Hugging Face stores them, inference does not read them.
            weights.ignore([name + ".inited", name + ".cluster_size", name + ".embed_avg"])
        }
        self.codebooks = codebooks
        zeroBias = RowProduct.paddedBias([Float](repeating: 0, count: codebookSize))
    }

    /// Codes of `rows` latents; the latents become the residual that is left.
    ///
    /// Distances are (|x|^2 - 2 x.e) + |e|^2 in float32 and the first smallest wins, as in the reference.
    func quantize(
        _ latents: UnsafeMutablePointer<Float>, rows: Int, codebookCount: Int,
        emit: (_ codebook: Int, _ row: Int, _ code: Int) -> Void
    ) {
        let dots = FloatBuffer(count: min(rows, Self.rowsPerPass) * codebookSize)
        for start in stride(from: 0, to: rows, by: Self.rowsPerPass) {
            let count = min(Self.rowsPerPass, rows - start)
            for index in 0..<codebookCount {
                let codebook = codebooks[index]
                let first = latents + start * dimension
                RowProduct.run(
                    [ProductInput(rows: first, rowStride: dimension, weights: codebook.packed)], bias: zeroBias,
                    rowCount: count, into: ProductOutput(raw: dots.base))
                for row in 0..<count {
                    let latent = first + row * dimension
                    let code = nearest(in: codebook, to: latent, dots: dots.base + row * codebookSize)
                    subtract(codebook, code, from: latent)
                    emit(index, start + row, code)
                }
            }
        }
    }

    private static let rowsPerPass = 48

    private func nearest(in codebook: Codebook, to latent: UnsafePointer<Float>, dots: UnsafePointer<Float>) -> Int {
        var norm: Float = 0
        for k in 0..<dimension { norm += latent[k] * latent[k] }
        return codebook.norms.withUnsafeBufferPointer { norms in
            guard let base = norms.baseAddress else { return 0 }
            return PointwiseKernels.nearest(dots: dots, norms: base, count: codebookSize, rowNorm: norm)
        }
    }

    private func subtract(_ codebook: Codebook, _ code: Int, from latent: UnsafeMutablePointer<Float>) {
        codebook.entries.withUnsafeBufferPointer { entries in
            for k in 0..<dimension { latent[k] -= entries[code * dimension + k] }
        }
    }

    /// Sum of the entries that the codes of frame `frame` name, first codebook first.
    func dequantize(_ codes: Tensor<Int32>, frames: Range<Int>, into latents: UnsafeMutablePointer<Float>) {
        let frameCount = codes.shape[1]
        latents.update(repeating: 0, count: frames.count * dimension)
        codes.elements.withUnsafeBufferPointer { codes in
            for (index, codebook) in codebooks.enumerated() where index * frameCount < codes.count {
                codebook.entries.withUnsafeBufferPointer { entries in
                    for (row, frame) in frames.enumerated() {
                        let entry = Int(codes[index * frameCount + frame]) * dimension
                        let latent = latents + row * dimension
                        for k in 0..<dimension { latent[k] += entries[entry + k] }
                    }
                }
            }
        }
    }
}
