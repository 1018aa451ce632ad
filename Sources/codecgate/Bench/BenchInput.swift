import AudioIO
import Glibc

/// What a benchmark encodes.
enum BenchInput {
    /// A mixture that any program can compute again: three gliding tones with their own swells, and noise.
    ///
    /// - Parameters:
    ///   - count: Samples.
    ///   - rate: Samples per second.
    /// - Returns: Samples within -1 ... 1, the same on every machine up to the C library's sine.
    static func mixture(count: Int, rate: Int) -> [Float] {
        var noise: UInt32 = 1
        return (0..<count).map { index in
            let time = Double(index) / Double(rate)
            var value = 0.0
            for (frequency, glide, swell) in [(110.0, 40.0, 0.7), (441.3, 90.0, 1.1), (1733.7, 300.0, 2.3)] {
                let phase = frequency * time + glide * sin(0.9 * swell * time)
                value += 0.2 * (0.55 + 0.45 * sin(2 * Double.pi * swell * time)) * sin(2 * Double.pi * phase)
            }
            noise = noise &* 1_664_525 &+ 1_013_904_223
            return Float(value + 0.02 * (Double(noise >> 8) / Double(1 << 23) - 1))
        }
    }

    /// The same at nine tenths of the level and with noise, as a signal to be judged.
    static func disturbed(_ samples: [Float]) -> [Float] {
        var noise: UInt32 = 7
        return samples.map { sample in
            noise = noise &* 1_664_525 &+ 1_013_904_223
            return 0.9 * sample + 0.05 * (Float(noise >> 8) / 8_388_608 - 1)
        }
    }

    /// The beginning of a recording.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - count: Samples wanted.
    ///   - rate: Samples per second.
    /// - Returns: `count` mono samples.
    /// - Throws: `AudioFileError`; ``CommandError/badInput(_:)`` when the file is shorter.
    static func beginning(of path: String, count: Int, rate: Int) throws -> [Float] {
        let reader = try AudioReader(path: path, sampleRate: rate)
        var samples = [Float](repeating: 0, count: count)
        let read = try samples.withUnsafeMutableBufferPointer { buffer throws(AudioFileError) in
            try reader.read(into: buffer)
        }
        guard read == count else {
            let seconds = Text.fixed(Double(read) / Double(rate), 2)
            throw CommandError.badInput("'\(path)' has only \(seconds) s of sound; give a smaller --seconds")
        }
        return samples
    }
}
