import ArgumentParser
import AudioIO
import Verification

/// How the two signals are put side by side.
enum Alignment: String, Sendable, Encodable, ExpressibleByArgument, CaseIterable {
    /// Sample against sample, as they are.
    case none
    /// After the whole test signal's lag is removed.
    case lag
}

/// Two recordings, read for comparison.
struct PairFiles: Sendable {
    /// What was read and what was done to it, so that nothing happens silently.
    struct Facts: Sendable, Encodable {
        /// One file.
        struct Source: Sendable, Encodable {
            let path: String
            let channels: Int
            let nativeRate: Int
            /// At the rate of the comparison.
            let samples: Int
            let samplesNotCompared: Int
        }

        let sampleRate: Int
        let reference: Source
        let test: Source
        let alignment: Alignment
        /// How much later the test signal was, before that was removed; nil when none was looked for or found.
        let lagRemovedSamples: Int?
        let comparedSamples: Int
    }

    let facts: Facts
    /// Of one length.
    let pair: AudioPair
    /// The sample of the reference at which the pair begins; above 0 where the test's earliness was removed.
    let referenceStart: Int

    /// Reads, resamples, aligns and cuts.
    ///
    /// - Parameters:
    ///   - reference: File of the undisturbed signal.
    ///   - test: File of the signal that is judged.
    ///   - rate: Samples per second of the comparison; nil takes the reference's.
    ///   - alignment: Whether the test signal's lag is removed.
    /// - Throws: `AudioFileError`, `Interruption`.
    init(reference: String, test: String, rate: Int?, alignment: Alignment) throws {
        let sources = try (AudioReader(path: reference).info, AudioReader(path: test).info)
        let rate = rate ?? sources.0.sampleRate
        let clips = try (
            AudioClip.load(path: reference, sampleRate: rate), AudioClip.load(path: test, sampleRate: rate)
        )
        try Interruption.check()
        let whole = AudioPair(reference: clips.0.samples, test: clips.1.samples, sampleRate: rate)
        let lag = alignment == .lag ? TimingAnalysis().lagSamples(whole) : nil
        let isEven = whole.reference.count == whole.test.count
        // Removing no lag cuts both to what they have in common.
        pair = isEven && (lag ?? 0) == 0 ? whole : whole.removingLag(lag ?? 0)
        let count = pair.commonCount
        referenceStart = min(max(0, -(lag ?? 0)), whole.reference.count)
        func source(_ path: String, _ info: AudioFileInfo, _ clip: AudioClip) -> Facts.Source {
            Facts.Source(
                path: path, channels: info.channelCount, nativeRate: info.sampleRate, samples: clip.frameCount,
                samplesNotCompared: clip.frameCount - count)
        }
        facts = Facts(
            sampleRate: rate, reference: source(reference, sources.0, clips.0),
            test: source(test, sources.1, clips.1), alignment: alignment, lagRemovedSamples: lag,
            comparedSamples: count)
    }
}

extension PairFiles.Facts {
    /// What was done, one sentence a line.
    var text: String {
        var lines = [describe("reference", reference), describe("test", test)]
        switch (alignment, lagRemovedSamples) {
        case (.none, _): lines.append("alignment: none, sample against sample")
        case (.lag, nil): lines.append("alignment: no clear lag within 0.5 s was found, none was removed")
        case (.lag, 0): lines.append("alignment: the test is neither late nor early, nothing was removed")
        case (.lag, let lag?):
            let milliseconds = Text.fixed(1000 * Double(lag.magnitude) / Double(sampleRate), 3)
            lines.append(
                "alignment: the test was \(lag.magnitude) samples (\(milliseconds) ms) \(lag > 0 ? "late" : "early"), "
                    + "which was removed")
        }
        let seconds = Text.fixed(Double(comparedSamples) / Double(sampleRate), 3)
        lines.append("compared: \(comparedSamples) samples (\(seconds) s) at \(sampleRate) Hz")
        if reference.samplesNotCompared + test.samplesNotCompared > 0 {
            lines.append(
                "not compared: \(reference.samplesNotCompared) of \(reference.samples) samples of the reference, "
                    + "\(test.samplesNotCompared) of \(test.samples) of the test")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func describe(_ name: String, _ source: Source) -> String {
        let mixed = source.channels == 1 ? "mono" : "\(source.channels) channels mixed to mono"
        let rate =
            source.nativeRate == sampleRate
            ? "\(sampleRate) Hz" : "resampled from \(source.nativeRate) Hz to \(sampleRate) Hz"
        return "\(name): \(source.path), \(mixed), \(rate), \(source.samples) samples"
    }
}
