import Foundation

/// A float WAV file made byte by byte, so that the program's input owes nothing to the program.
enum WaveFile {
    /// Writes samples.
    ///
    /// - Parameters:
    ///   - samples: Interleaved.
    ///   - rate: Samples per second.
    ///   - channels: Samples per frame.
    ///   - path: Where.
    /// - Throws: When the file cannot be written.
    static func write(_ samples: [Float], rate: Int, channels: Int = 1, to path: String) throws {
        func word(_ value: Int) -> Data { withUnsafeBytes(of: UInt32(value).littleEndian) { Data($0) } }
        func half(_ value: Int) -> Data { withUnsafeBytes(of: UInt16(value).littleEndian) { Data($0) } }
        let body = samples.withUnsafeBytes { Data($0) }
        // Format 3 is IEEE float.
        let format = half(3) + half(channels) + word(rate) + word(rate * channels * 4) + half(channels * 4) + half(32)
        let chunks =
            Data("WAVEfmt ".utf8) + word(format.count) + format + Data("data".utf8) + word(body.count) + body
        try (Data("RIFF".utf8) + word(chunks.count) + chunks).write(to: URL(fileURLWithPath: path))
    }

    /// The sample bytes of a WAV file's data chunk.
    static func dataChunk(_ path: String) throws -> Data {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        var offset = 12
        while offset + 8 <= data.count {
            let size = data[(offset + 4)..<(offset + 8)].enumerated().reduce(0) { $0 + Int($1.1) << (8 * $1.0) }
            if data[offset..<(offset + 4)] == Data("data".utf8) {
                return Data(data[(offset + 8)..<min(data.count, offset + 8 + size)])
            }
            offset += 8 + size + size % 2
        }
        return Data()
    }

    /// The samples of a float WAV file.
    static func samples(_ path: String) throws -> [Float] {
        let data = try dataChunk(path)
        var values = [Float](repeating: 0, count: data.count / 4)
        _ = values.withUnsafeMutableBytes { data.copyBytes(to: $0) }
        return values
    }
}
