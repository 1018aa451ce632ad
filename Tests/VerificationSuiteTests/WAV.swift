import AudioIO

/// Sound files for tests.
enum WAV {
    static func write(_ samples: [Float], to path: String) throws {
        _ = try AudioClip(samples: samples, sampleRate: 24_000).write(to: path, encoding: .float32)
    }
}
