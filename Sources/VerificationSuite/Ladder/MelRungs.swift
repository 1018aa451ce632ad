internal import FeaturePipeline
internal import NumericCore
internal import SignalProcessing
internal import Verification

/// The mel path taken apart: one pass over the film makes the sound of every step, at 22,050 Hz.
///
/// Works in stretches of a few TRs with one TR of context on both sides, so that memory does not grow with the film.
struct MelRungs {
    /// A step of the mel path, with the film's own phases up to the last two.
    enum Step: String, CaseIterable {
        /// Short-time spectra and back.
        case spectra
        /// Magnitudes from 2048 mel bands by least squares.
        case bands
        /// The same with one mean spectrum a TR.
        case average
    }

    private let film: FilmContext
    private let mel = MelConfiguration.legacy
    private let transform = ShortTimeFourierTransform(.legacy)
    private let spectrogram = MelSpectrogram(.legacy)
    private let inversion: MelInversion
    private let clock: FrameClock
    private let trsPerStretch: Int
    private static let fillerDB: Float = -80

    init(_ film: FilmContext, trsPerStretch: Int = 12) throws {
        (self.film, self.trsPerStretch) = (film, trsPerStretch)
        inversion = try MelInversion(spectrogram.filterBank)
        clock = try FrameClock(
            repetitionTime: film.request.repetitionTime, sampleRate: mel.sampleRate,
            hopLength: mel.layout.hopLength)
    }

    /// What a stretch of TRs turns into.
    struct Stretch {
        /// Samples of each step, in the order of ``Step``.
        var samples: [[Float]]
        /// Magnitudes of the frames, all of them and by TR, for Griffin-Lim.
        var dense: Tensor<Float>
        var average: Tensor<Float>
    }

    /// Frames of the film's whole TRs.
    var frameCount: Int { clock.start(of: film.trCount) }

    /// Runs over the film.
    ///
    /// - Parameter body: Receives the stretches in order.
    /// - Throws: What reading the film and `body` throw.
    func run(_ body: (Stretch) throws -> Void) throws {
        let input = try film.sound(.atMelRate(.original))
        let largest = try largestPower(input)
        for first in stride(from: 0, to: film.trCount, by: trsPerStretch) {
            try body(stretch(first..<min(first + trsPerStretch, film.trCount), input, largest))
        }
    }

    /// The power of 0 dB: the largest of the film.
    private func largestPower(_ input: StoredSound) throws -> Float {
        var largest = DecibelScale.legacy.leastPower
        var stream = spectrogram.makeStream()
        func look(_ frame: Span<Float>) { for index in frame.indices { largest = max(largest, frame[index]) } }
        try input.forEachBlock { try stream.append($0, look) }
        try stream.finish(look)
        return largest
    }

    /// Frames `inner` of the film are made whole by those around them, which are thrown away.
    private func stretch(_ trs: Range<Int>, _ input: StoredSound, _ largest: Float) throws -> Stretch {
        let hop = mel.layout.hopLength
        let outer = max(0, trs.lowerBound - 1)..<min(film.trCount, trs.upperBound + 1)
        let (first, last) = (clock.start(of: outer.lowerBound), clock.start(of: outer.upperBound))
        // Half a frame more on both sides, so that the frames in between see the sound that they see in the film.
        let margin = mel.layout.fftLength / 2 / hop
        let origin = max(0, first - margin)
        let samples = try input.samples(origin * hop..<(last + margin) * hop)
        let spectra = try transform.forward(samples).rows(first - origin..<last - origin)
        let power = try spectrogram.power(of: samples).rows(first - origin..<last - origin)
        let (bands, means) = try magnitudes(power, largest, trs: outer)
        let inner = clock.start(of: trs.lowerBound)..<clock.start(of: trs.upperBound)
        let kept = inner.lowerBound - first..<inner.upperBound - first
        let end = trs.upperBound == film.trCount ? input.sampleCount : inner.upperBound * hop
        let place = inner.lowerBound * hop - first * hop..<end - first * hop
        return Stretch(
            samples: try [spectra, spectra.withMagnitudes(bands), spectra.withMagnitudes(means)].map {
                Array(try transform.inverse($0, sampleCount: place.upperBound)[place])
            }, dense: bands.rows(kept), average: means.rows(kept))
    }

    /// Linear magnitudes of mel power, as the pipeline's features keep it: every frame, and the mean of each TR in dB.
    private func magnitudes(
        _ power: Tensor<Float>, _ largest: Float, trs: Range<Int>
    ) throws -> (bands: Tensor<Float>, means: Tensor<Float>) {
        var decibels = power.elements
        try DecibelScale(reference: .value(largest), rangeDB: nil).convert(&decibels)
        for index in decibels.indices where decibels[index] < Self.fillerDB { decibels[index] = Self.fillerDB }
        let width = power.shape[1]
        let bands = try linear(decibels, width, largest)
        let first = clock.start(of: trs.lowerBound)
        let frames = trs.map { clock.start(of: $0) - first..<clock.start(of: $0 + 1) - first }
        let means = try linear(frames.flatMap { Self.mean(decibels, width: width, frames: $0) }, width, largest)
        let binCount = bands.shape[1]
        let repeated = frames.enumerated().flatMap { index, range in
            range.flatMap { _ in means.elements[index * binCount..<(index + 1) * binCount] }
        }
        return (bands, Tensor(repeated, shape: [repeated.count / binCount, binCount]))
    }

    private func linear(_ decibels: [Float], _ width: Int, _ largest: Float) throws -> Tensor<Float> {
        let power = try DecibelScale.power(ofDecibels: decibels, reference: largest)
        return try inversion.magnitudes(of: Tensor(power, shape: [power.count / width, width]))
    }

    private static func mean(_ values: [Float], width: Int, frames: Range<Int>) -> [Float] {
        var sums = [Double](repeating: 0, count: width)
        values.withUnsafeBufferPointer { values in
            for frame in frames { for bin in 0..<width { sums[bin] += Double(values[frame * width + bin]) } }
        }
        return sums.map { Float($0 / Double(max(1, frames.count))) }
    }
}

extension Spectrogram {
    fileprivate func rows(_ range: Range<Int>) throws -> Spectrogram {
        let width = 2 * binCount
        return try Spectrogram(
            Array(values[range.lowerBound * width..<range.upperBound * width]), binCount: binCount)
    }

    /// The same phases with other magnitudes; a bin of 0 gets phase 0.
    fileprivate func withMagnitudes(_ magnitudes: Tensor<Float>) throws -> Spectrogram {
        precondition(magnitudes.count * 2 == values.count, "\(magnitudes.shape) magnitudes for \(frameCount) frames")
        var result = values
        result.withUnsafeMutableBufferPointer { result in
            magnitudes.elements.withUnsafeBufferPointer { magnitudes in
                for index in 0..<magnitudes.count {
                    let (re, im) = (result[2 * index], result[2 * index + 1])
                    let size = (re * re + im * im).squareRoot()
                    result[2 * index] = size > 0 ? re / size * magnitudes[index] : magnitudes[index]
                    result[2 * index + 1] = size > 0 ? im / size * magnitudes[index] : 0
                }
            }
        }
        return try Spectrogram(result, binCount: binCount)
    }
}
