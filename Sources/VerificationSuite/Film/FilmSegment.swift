internal import Glibc
public import Verification

/// A stretch of a film that is measured on its own.
public struct FilmSegment: Sendable, Equatable {
    /// Samples at the rate of the film's context.
    public let range: Range<Int>
    /// What it holds; a film without labels is `mix`, or `silence` where it is silent.
    public let label: ContentLabel
    /// Below -60 dB of full scale: no measure of likeness says anything about it.
    public let isSilent: Bool
}

/// Cuts a film that lies on disk.
struct FilmSegmentation {
    let track: LabelTrack?
    let sampleRate: Int

    /// Samples cut at once: five minutes.
    private var blockCount: Int { 300 * sampleRate }
    private static let silentLevel = 1e-3

    /// Stretches of 1 to 2 s of short films and 4 to 8 s of long ones: 18 or more, to make intervals of.
    func segments(of sound: StoredSound) throws(FilmError) -> [FilmSegment] {
        let seconds = Double(sound.sampleCount) / Double(sampleRate)
        let longest = min(8, max(2, seconds / 18))
        var result: [FilmSegment] = []
        var start = 0
        while start < sound.sampleCount {
            let samples = try sound.samples(start..<start + blockCount)
            let isLast = start + samples.count == sound.sampleCount
            let cuts = cuts(samples, startSeconds: Double(start) / Double(sampleRate), longest: longest)
            // The last stretch of a block ends where the block does, not at a pause: the next block cuts it.
            let kept = isLast || cuts.count < 2 ? cuts : Array(cuts.dropLast())
            for cut in kept {
                let level = Self.level(samples[cut.range])
                let silent = level < Self.silentLevel
                let range = start + cut.range.lowerBound..<start + cut.range.upperBound
                result.append(
                    FilmSegment(range: range, label: cut.label ?? (silent ? .silence : .mix), isSilent: silent))
            }
            start = result.last?.range.upperBound ?? sound.sampleCount
        }
        return result
    }

    private func cuts(
        _ samples: [Float], startSeconds: Double, longest: Double
    ) -> [(range: Range<Int>, label: ContentLabel?)] {
        let audio = AudioSamples(samples)
        guard let track else {
            return Segmentation.atPauses(
                audio, sampleRate: sampleRate, longestSeconds: longest, shortestSeconds: longest / 4
            ).map { ($0, nil) }
        }
        return Segmentation.atLabels(
            track, audio, sampleRate: sampleRate, startSeconds: startSeconds, longestSeconds: longest,
            shortestSeconds: longest / 4
        ).map { ($0.range, ContentLabel($0.label)) }
    }

    private static func level(_ samples: ArraySlice<Float>) -> Double {
        let energy = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        return (energy / Double(max(1, samples.count))).squareRoot()
    }
}

extension ContentLabel {
    init(_ label: SoundLabel) {
        switch label {
        case .speech: self = .speech
        case .music: self = .music
        case .effect: self = .effect
        case .mix: self = .mix
        case .silence: self = .silence
        }
    }
}
