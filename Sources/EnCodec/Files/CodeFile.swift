internal import NumericCore

/// Files of codes, for NumPy and for this program.
///
/// `.npy` holds int32 codes (codebooks, frames) of a codec without chunks. `.npz` serves every codec: `codes` int32
/// (chunks, codebooks, frames), short chunks padded with 0; `scales` float32 (chunks) where the codec normalises;
/// `last_frame_pad_length`, the padding of the last chunk in frames; `sample_count`, samples per channel encoded.
public enum CodeFile {
    /// The two kinds of file.
    public enum Format: String, Sendable {
        /// One array.
        case npy
        /// Named arrays.
        case npz

        /// The format that a file's name asks for, nil for names that end in neither `.npy` nor `.npz`.
        ///
        /// - Parameter path: A path; upper and lower case do not matter.
        public init?(path: String) {
            let name = path.lowercased()
            let named = [Format.npy, .npz].first { name.hasSuffix("." + $0.rawValue) }
            guard let named else { return nil }
            self = named
        }
    }

    /// Writes codes; an existing file is replaced only when the new one is complete.
    ///
    /// - Parameters:
    ///   - encoded: At least one chunk.
    ///   - path: Where.
    ///   - format: `.npy` only for codes in one chunk without scale.
    /// - Throws: ``EncodecError/badCodeFile(path:problem:)`` for chunks in a `.npy`, ``EncodecError/codeFile(_:)`` when
    ///   the file cannot be written.
    public static func write(_ encoded: EncodedAudio, to path: String, format: Format) throws(EncodecError) {
        guard let first = encoded.chunks.first, let last = encoded.chunks.last else {
            throw .emptyInput(what: "code to write")
        }
        switch format {
        case .npy:
            guard encoded.chunks.count == 1, first.scale == nil else {
                throw .badCodeFile(path: path, problem: "cannot hold chunks and scales; name it .npz")
            }
            try wrap { () throws(ArrayFileError) in try NpyFile.write(first.codes, to: path) }
        case .npz:
            let frameCount = encoded.chunks.map { $0.codes.shape[1] }.max() ?? 0
            var arrays = [("codes", NpyFile.encode(stack(encoded, frameCount: frameCount)))]
            let scales = encoded.chunks.compactMap(\.scale)
            if !scales.isEmpty { arrays.append(("scales", NpyFile.encode(Tensor(scales, shape: [scales.count])))) }
            arrays.append(("last_frame_pad_length", scalar(frameCount - last.codes.shape[1])))
            arrays.append(("sample_count", scalar(encoded.sampleCount)))
            let members = arrays.map { (name: $0.0, npy: $0.1) }
            try wrap { () throws(ArrayFileError) in try NpzFile.write(members, to: path) }
        }
    }

    private static func scalar(_ value: Int) -> [UInt8] { NpyFile.encode(Tensor([Int64(value)], shape: [])) }

    /// (chunks, codebooks, frames), short chunks padded with 0.
    private static func stack(_ encoded: EncodedAudio, frameCount: Int) -> Tensor<Int32> {
        var elements: [Int32] = []
        for chunk in encoded.chunks {
            let count = chunk.codes.shape[1]
            for codebook in 0..<encoded.codebookCount {
                elements += chunk.codes.elements[codebook * count..<(codebook + 1) * count]
                elements += [Int32](repeating: 0, count: frameCount - count)
            }
        }
        return Tensor(elements, shape: [encoded.chunks.count, encoded.codebookCount, frameCount])
    }

    static func wrap<Result>(_ body: () throws(ArrayFileError) -> Result) throws(EncodecError) -> Result {
        do { return try body() } catch { throw .codeFile(error) }
    }
}
