internal import Glibc
internal import NumericCore

/// Levels of one stretch of sound over time and a mel-spaced frequency axis, small enough for a page.
///
/// It has its own transform loop, apart from the rooms that are judged: a bug there cannot hide itself here.
struct Spectrogram {
    static let (columnCount, rowCount) = (240, 80)
    /// Top of the frequency axis in Hz.
    static let topFrequency = 12_000.0
    private static let transformLength = 512

    /// Decibels relative to a sine of full scale; rows from the top frequency down.
    let levels: [Float]
    /// Level of the whole in dB relative to full scale.
    let rmsLevel: Double

    /// Analyses a sound.
    ///
    /// - Parameters:
    ///   - wave: At least one sample; what is missing at the end counts as silence.
    ///   - seconds: Length of the time axis, the same for all versions of a segment.
    init(_ wave: WaveFile, seconds: Double) {
        let length = Self.transformLength
        let window = (0..<length).map { 0.5 - 0.5 * cosf(2 * Float.pi * Float($0) / Float(length)) }
        let last = max(0, seconds * Double(wave.sampleRate) - Double(length))
        var frames = [Float](repeating: 0, count: Self.columnCount * length)
        for column in 0..<Self.columnCount {
            let start = Int((last * Double(column) / Double(Self.columnCount - 1)).rounded())
            for index in 0..<length where start + index < wave.samples.count {
                frames[column * length + index] = wave.samples[start + index] * window[index]
            }
        }
        let transform = RealFourierTransform<Float>(length: length)
        let spectra = transform.forward(frames)
        levels = Self.levels(spectra, binCount: transform.binCount, sampleRate: wave.sampleRate)
        let power = wave.samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, wave.samples.count))
        rmsLevel = 10 * log10(max(power, 1e-12))
    }

    private static func levels(_ spectra: [Float], binCount: Int, sampleRate: Int) -> [Float] {
        // A full-scale sine under a periodic Hann window has a bin of length / 4.
        let scale = 16 / Float(transformLength * transformLength)
        var levels = [Float](repeating: -120, count: rowCount * columnCount)
        for row in 0..<rowCount {
            let low = bin(rowCount - 1 - row, sampleRate)
            let high = max(low, bin(rowCount - row, sampleRate) - 1)
            guard low < binCount else { continue }
            for column in 0..<columnCount {
                var power: Float = 0
                for index in low...min(high, binCount - 1) {
                    let place = 2 * (column * binCount + index)
                    power = max(power, spectra[place] * spectra[place] + spectra[place + 1] * spectra[place + 1])
                }
                levels[row * columnCount + column] = 10 * log10f(max(power * scale, 1e-12))
            }
        }
        return levels
    }

    /// First transform bin of a row counted from the bottom; rows are even in mel (2595 log10(1 + f / 700)).
    private static func bin(_ row: Int, _ sampleRate: Int) -> Int {
        let top = 2595 * log10(1 + topFrequency / 700)
        let frequency = 700 * (pow(10, top * Double(row) / Double(rowCount) / 2595) - 1)
        return Int((frequency * Double(transformLength) / Double(sampleRate)).rounded())
    }

    /// The picture on a scale of 80 dB that ends at `top`.
    func picture(top: Float) -> IndexedPicture {
        IndexedPicture(
            width: Self.columnCount, height: Self.rowCount,
            pixels: levels.map { UInt8(min(max(($0 - top + 80) / 80, 0), 1) * 63) }, palette: IndexedPicture.levels)
    }

    /// Level differences from a reference, both held above the scale's floor so that inaudible ones stay white.
    func difference(from reference: Spectrogram, top: Float) -> [Float] {
        zip(levels, reference.levels).map { max($0, top - 80) - max($1, top - 80) }
    }

    /// Differences from -30 dB (blue) to 30 dB (orange).
    static func picture(ofDifferences differences: [Float]) -> IndexedPicture {
        IndexedPicture(
            width: columnCount, height: rowCount,
            pixels: differences.map { UInt8(min(max(($0 + 30) / 60, 0), 1) * 62 + 0.5) },
            palette: IndexedPicture.differences)
    }
}
