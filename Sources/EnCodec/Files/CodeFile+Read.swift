internal import NumericCore

extension CodeFile {
    /// What a file of codes holds.
    public struct Contents: Sendable, Equatable {
        /// Chunks of codes; `sampleCount` is what decoding gives where the file does not say more.
        public let encoded: EncodedAudio
        /// Samples per channel that were encoded, when the file says so.
        public let statedSampleCount: Int?
    }

    /// Reads codes, told apart by content, not by name.
    ///
    /// - Parameters:
    ///   - path: A `.npy` (codebooks, frames) or `.npz` (see ``CodeFile``; `codes` of a codec without chunks may have
    ///     two dimensions) with codes of any integer type.
    ///   - configuration: The codec that the codes are for.
    /// - Returns: Codes, every one checked to be in the codebook.
    /// - Throws: ``EncodecError/codeFile(_:)`` when the file cannot be read, ``EncodecError/badCodeFile(path:problem:)``,
    ///   ``EncodecError/codeOutOfRange(code:codebook:frame:size:)`` or ``EncodecError/badScale(chunk:problem:)`` when
    ///   it does not fit the codec.
    public static func read(
        path: String, for configuration: EncodecConfiguration
    ) throws(EncodecError) -> Contents {
        let source = try wrap { () throws(ArrayFileError) in try ByteSource.open(path: path) }
        let start = try wrap { () throws(ArrayFileError) in
            try source.read(at: 0, count: min(4, source.count), part: "the start of the file")
        }
        let reader = Reader(path: path, configuration: configuration)
        if start.starts(with: [0x50, 0x4B]) {
            return try reader.contents(wrap { () throws(ArrayFileError) in try NpzFile(source) })
        }
        return try reader.contents(wrap { () throws(ArrayFileError) in try NpyFile.decode(source) })
    }

    private struct Reader {
        let path: String
        let configuration: EncodecConfiguration

        func contents(_ array: NumericArray) throws(EncodecError) -> Contents {
            guard !configuration.needsChunkTable else {
                throw bad("is one array, but this codec's codes come in chunks with scales; give the .npz of encode")
            }
            guard array.shape.count == 2 else {
                throw bad("has shape \(array.shape), expected two dimensions (codebooks, frames)")
            }
            let codes = try checkedCodes(array)
            return contents([.init(codes: codes)], statedSampleCount: nil)
        }

        func contents(_ file: NpzFile) throws(EncodecError) -> Contents {
            let array = try wrap { () throws(ArrayFileError) in try file.array("codes") }
            var shape = array.shape
            if shape.count == 2, !configuration.needsChunkTable { shape.insert(1, at: 0) }
            guard shape.count == 3 else {
                throw bad("has codes of shape \(array.shape), expected three dimensions (chunks, codebooks, frames)")
            }
            let codes = try checkedCodes(array).reshaped(to: shape)
            let stated = try scalar("sample_count", in: file)
            let counts = try frameCounts(
                shape: shape, sampleCount: stated, padding: scalar("last_frame_pad_length", in: file))
            let scales = try scales(in: file, count: shape[0])
            let chunks = counts.indices.map { index in
                EncodedAudio.Chunk(codes: chunk(index, of: codes, frameCount: counts[index]), scale: scales?[index])
            }
            return contents(chunks, statedSampleCount: stated)
        }

        private func contents(_ chunks: [EncodedAudio.Chunk], statedSampleCount: Int?) -> Contents {
            var encoded = EncodedAudio(chunks: chunks, sampleCount: 0)
            encoded.sampleCount =
                statedSampleCount ?? configuration.decodedSampleCount(forFrames: encoded.frameCounts)
            return Contents(encoded: encoded, statedSampleCount: statedSampleCount)
        }

        private func chunk(_ index: Int, of codes: Tensor<Int32>, frameCount: Int) -> Tensor<Int32> {
            let (codebooks, stride) = (codes.shape[1], codes.shape[2])
            let rows = (0..<codebooks).flatMap { codebook in
                let start = (index * codebooks + codebook) * stride
                return codes.elements[start..<start + frameCount]
            }
            return Tensor(rows, shape: [codebooks, frameCount])
        }

        /// Any integer type; the codebook is the last dimension but one.
        private func checkedCodes(_ array: NumericArray) throws(EncodecError) -> Tensor<Int32> {
            guard !array.elementType.isFloatingPoint, array.elementType != .bool else {
                throw bad("holds \(array.elementType.rawValue), but codes are integers; save them as int32")
            }
            let wide = try wrap { () throws(ArrayFileError) in try array.int64() }
            let range = 0..<Int64(configuration.codebookSize)
            if let index = wide.elements.firstIndex(where: { !range.contains($0) }) {
                let (frames, codebooks) = (wide.shape[wide.rank - 1], wide.shape[wide.rank - 2])
                throw .codeOutOfRange(
                    code: Int(wide.elements[index]), codebook: index / frames % codebooks, frame: index % frames,
                    size: configuration.codebookSize)
            }
            return Tensor(wide.elements.map { Int32($0) }, shape: wide.shape)
        }

        /// From the number of samples where the file has it, otherwise from the padding of the last chunk.
        private func frameCounts(shape: [Int], sampleCount: Int?, padding: Int?) throws(EncodecError) -> [Int] {
            let (chunkCount, frameCount) = (shape[0], shape[2])
            guard let sampleCount else {
                let padding = padding ?? 0
                guard (0...frameCount).contains(padding) else {
                    throw bad("has last_frame_pad_length \(padding), outside 0...\(frameCount)")
                }
                return (0..<chunkCount).map { $0 == chunkCount - 1 ? frameCount - padding : frameCount }
            }
            // Bounded by what the codes can mean before anything is made of the number.
            let largest = configuration.decodedSampleCount(
                forFrames: [Int](repeating: frameCount, count: chunkCount))
            let counts =
                (0...largest).contains(sampleCount) ? configuration.chunkFrameCounts(forSamples: sampleCount) : []
            let longest = counts.max() ?? 0
            let isConsistent = counts.count == chunkCount && longest == frameCount
            guard isConsistent, padding == nil || padding == longest - (counts.last ?? 0) else {
                throw bad("has codes of shape \(shape), which do not belong to its sample_count \(sampleCount)")
            }
            return counts
        }

        private func scales(in file: NpzFile, count: Int) throws(EncodecError) -> [Float]? {
            guard configuration.normalize else {
                guard !file.names.contains("scales") else {
                    throw bad("has scales, but this codec does not normalise; give the codec that made it")
                }
                return nil
            }
            let scales = try wrap { () throws(ArrayFileError) in try file.array("scales").float32() }
            guard scales.count == count else {
                throw bad("has scales of shape \(scales.shape), expected (\(count)), one a chunk")
            }
            return scales.elements
        }

        private func scalar(_ name: String, in file: NpzFile) throws(EncodecError) -> Int? {
            guard file.names.contains(name) else { return nil }
            let value = try wrap { () throws(ArrayFileError) in try file.array(name).int64() }
            guard let only = value.elements.first, value.count == 1 else {
                throw bad("has \(name) of shape \(value.shape), expected one number")
            }
            return Int(only)
        }

        private func bad(_ problem: String) -> EncodecError { .badCodeFile(path: path, problem: problem) }
    }
}
