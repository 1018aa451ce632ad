import Foundation
import TestSupport
import Testing

/// Signals and files that several tests of this target share.
enum AudioFixtures {
    /// The noise of `GoldenData/audio/resample`: the top 24 bits of a 32-bit congruential sequence, in [-0.5, 0.5).
    static func noise(_ count: Int) -> [Float] {
        var state: UInt32 = 12345
        return (0..<count).map { _ in
            state = 1_664_525 &* state &+ 1_013_904_223
            return Float(state >> 8) / 16_777_216 - 0.5
        }
    }

    /// A raw little-endian float32 file.
    static func floats(_ url: URL) throws -> [Float] {
        let data = try Data(contentsOf: url)
        try #require(data.count % 4 == 0, "\(url.lastPathComponent) is not a float32 file")
        return data.withUnsafeBytes { bytes in
            stride(from: 0, to: data.count, by: 4).map { offset in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
    }

    /// The largest difference relative to the largest expected value, in dB; NaN when anything is not finite.
    static func differenceDB(_ found: [Float], _ expected: [Float]) -> Double {
        guard found.count == expected.count, (found + expected).allSatisfy(\.isFinite) else { return .nan }
        let peak = expected.map { abs(Double($0)) }.max() ?? 0
        let difference = zip(found, expected).map { abs(Double($0) - Double($1)) }.max() ?? 0
        return 20 * log10(difference / peak)
    }
}

/// Positions, amplitudes and leftovers of sines, in Double and without any transform of the library.
enum SineFit {
    /// A unit-amplitude sine.
    static func tone(_ frequency: Double, rate: Int, count: Int) -> [Float] {
        (0..<count).map { Float(sin(2 * .pi * frequency * Double($0) / Double(rate) + 0.3)) }
    }

    /// Least squares of `a sin + b cos` at a known frequency: the amplitude found and the RMS of what is left,
    /// relative to a unit sine's RMS.
    static func fit(_ signal: ArraySlice<Float>, frequency: Double, rate: Int) -> (amplitude: Double, residual: Double)
    {
        let turns = signal.indices.map { 2 * .pi * frequency * Double($0) / Double(rate) }
        let (sines, cosines, values) = (turns.map(sin), turns.map(cos), signal.map(Double.init))
        func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        let (ss, sc, cc) = (dot(sines, sines), dot(sines, cosines), dot(cosines, cosines))
        let (sv, cv) = (dot(sines, values), dot(cosines, values))
        let determinant = ss * cc - sc * sc
        let (a, b) = ((sv * cc - cv * sc) / determinant, (cv * ss - sv * sc) / determinant)
        let left = values.indices.map { values[$0] - a * sines[$0] - b * cosines[$0] }
        return ((a * a + b * b).squareRoot(), (2 * dot(left, left) / Double(left.count)).squareRoot())
    }

    /// RMS relative to a unit sine's RMS.
    static func level(_ signal: ArraySlice<Float>) -> Double {
        (2 * signal.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(signal.count)).squareRoot()
    }
}

/// A folder of its own for one test, removed afterwards.
enum TemporaryFolder {
    /// Makes the folder, runs `body` and removes the folder.
    static func with<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("AudioIOTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
