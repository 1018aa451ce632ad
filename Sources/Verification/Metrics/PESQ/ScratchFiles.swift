import Foundation

/// A pair written to files for a program that reads files.
struct ScratchFiles {
    /// Why they could not be written.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    private let folder: URL
    var reference: String { folder.appendingPathComponent("reference.wav").path }
    var test: String { folder.appendingPathComponent("test.wav").path }

    /// Writes both signals: 16-bit WAV, or bare little-endian single precision.
    static func write(_ pair: AudioPair, asWAV: Bool) -> Result<ScratchFiles, Problem> {
        let parent = FileManager.default.temporaryDirectory
        let files = ScratchFiles(folder: parent.appendingPathComponent("codecgate-\(UUID().uuidString)"))
        do {
            try FileManager.default.createDirectory(at: files.folder, withIntermediateDirectories: false)
            for (samples, path) in [(pair.reference, files.reference), (pair.test, files.test)] {
                let bytes = asWAV ? wave(samples, pair.sampleRate) : singles(samples)
                try Data(bytes).write(to: URL(fileURLWithPath: path))
            }
            return .success(files)
        } catch {
            return .failure(Problem(description: "the segment could not be written for the PESQ program: \(error)"))
        }
    }

    func remove() { Subprocess.remove(folder) }

    private static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private static func singles(_ samples: AudioSamples) -> [UInt8] {
        samples.doubles.flatMap { littleEndian(Float($0).bitPattern) }
    }

    private static func wave(_ samples: AudioSamples, _ sampleRate: Int) -> [UInt8] {
        let size = UInt32(2 * samples.count)
        var bytes = Array("RIFF".utf8) + littleEndian(36 + size) + Array("WAVEfmt ".utf8)
        bytes += littleEndian(16 as UInt32) + littleEndian(1 as UInt16) + littleEndian(1 as UInt16)
        bytes += littleEndian(UInt32(sampleRate)) + littleEndian(UInt32(2 * sampleRate))
        bytes += littleEndian(2 as UInt16) + littleEndian(16 as UInt16) + Array("data".utf8) + littleEndian(size)
        return bytes
            + samples.doubles.flatMap { littleEndian(Int16(min(max($0 * 32768, -32768), 32767).rounded())) }
    }
}
