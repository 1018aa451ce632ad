internal import Foundation

/// One version of a segment as the page shows it.
struct SegmentVersion {
    let title, slug: String
    let number: Int
    /// Where the sound is: a data URL or a relative path.
    let source: String
    /// What brings it to the reference's loudness, in dB.
    let gain: String
    /// At most one.
    let pictures: [SegmentPictures.Picture]
    /// At most one: the level difference from the reference.
    let differences: [SegmentPictures.Picture]
}

/// The versions of a segment, level-matched, with pictures on one colour scale.
struct SegmentSounds {
    private(set) var versions: [SegmentVersion] = []
    private(set) var scale: String?
    private(set) var problems: [String] = []

    private struct Sound {
        let file: Finding.Attachment
        let wave: WaveFile?
    }

    init(_ files: [Finding.Attachment], _ media: inout ReportMedia) {
        var sounds: [Sound] = []
        for file in files {
            let (bytes, problem) = media.bytes(file)
            if let problem { problems.append(problem) }
            sounds.append(Sound(file: file, wave: bytes.flatMap(WaveFile.init)))
        }
        let waves = sounds.compactMap(\.wave)
        let texts = waves.count == sounds.count ? media.embed(sounds: waves) : nil
        let gains = Self.gains(sounds.map(\.wave))
        let pictures = SegmentPictures(sounds.map { ($0.file.title, $0.wave) }, &media)
        scale = pictures?.scale
        versions = sounds.indices.map { index in
            let file = sounds[index].file
            let (picture, difference) = (pictures?.levels[index], pictures?.differences[index])
            return SegmentVersion(
                title: file.title, slug: Self.slug(file.title), number: index + 1,
                source: texts.map { "data:audio/wav;base64,\($0[index])" } ?? file.link,
                gain: signed(gains[index]), pictures: (picture ?? nil).map { [$0] } ?? [],
                differences: (difference ?? nil).map { [$0] } ?? [])
        }
    }

    /// Letters and digits of a title, for links.
    static func slug(_ title: String) -> String {
        String(
            title.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) || ("0"..."9").contains($0) }.map(
                Character.init))
    }

    /// Gains in dB to the loudness of the first, all lowered alike when one of them would exceed full scale.
    private static func gains(_ waves: [WaveFile?]) -> [Double] {
        let levels = waves.map { $0.flatMap(level) }
        guard let first = levels.first, let target = first else { return waves.map { _ in 0 } }
        let gains = levels.map { $0.map { min(max(target - $0, -24), 24) } ?? 0 }
        let peaks = zip(waves, gains).map { wave, gain in
            20 * log10(Double(wave?.samples.reduce(Float(1e-6)) { max($0, $1.magnitude) } ?? 1)) + gain
        }
        let excess = max(0, peaks.max() ?? 0)
        return gains.map { $0 - excess }
    }

    /// Loudness where there is enough sound for it, else the root mean square; nil for silence.
    private static func level(_ wave: WaveFile) -> Double? {
        if let found = Loudness.integrated(AudioSamples(wave.samples), sampleRate: wave.sampleRate) { return found }
        let power = wave.samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(wave.samples.count)
        return power > 0 ? 10 * log10(power) : nil
    }
}

/// Spectrograms of all versions and their differences from the first.
struct SegmentPictures {
    struct Picture {
        /// PNG in base64, the text that stands for it, and a shorter one beside it.
        let data, text, caption: String
    }

    let levels: [Picture?]
    let differences: [Picture?]
    let scale: String

    /// Nil when nothing can be drawn, or the pictures do not fit into the page.
    init?(_ sounds: [(title: String, wave: WaveFile?)], _ media: inout ReportMedia) {
        guard let reference = sounds.first?.wave else { return nil }
        let seconds = Double(reference.samples.count) / Double(reference.sampleRate)
        let spectra = sounds.map { $0.wave.map { Spectrogram($0, seconds: seconds) } }
        let peak = spectra.compactMap { $0?.levels.max() }.max() ?? 0
        let top = max(-40, (peak / 5).rounded(.up) * 5)
        let changes = spectra.map { one in
            spectra[0].flatMap { first in one?.difference(from: first, top: top) }
        }
        let drawn = spectra.map { $0?.picture(top: top).png }
        let drawnChanges = changes.enumerated().map { index, change in
            index == 0 ? nil : change.flatMap { Spectrogram.picture(ofDifferences: $0).png }
        }
        guard let texts = media.embed(pictures: (drawn + drawnChanges).compactMap { $0 }) else { return nil }
        var rest = texts[...]
        levels = drawn.enumerated().map { index, png in
            guard png != nil, let data = rest.popFirst(), let one = spectra[index] else { return nil }
            return Picture(
                data: data, text: "Spectrogram of \(sounds[index].title), 0 to 12 kHz: \(Self.caption(one))",
                caption: Self.caption(one))
        }
        differences = drawnChanges.enumerated().map { index, png in
            guard png != nil, let data = rest.popFirst(), let change = changes[index] else { return nil }
            return Picture(
                data: data,
                text: "Level of \(sounds[index].title) minus \(sounds[0].title): \(Self.caption(change))",
                caption: Self.caption(change))
        }
        scale = "\(Int(top) - 80) to \(Int(top)) dB of full scale"
    }

    private static func caption(_ spectrum: Spectrogram) -> String {
        "level \(signed(spectrum.rmsLevel)) dB, peak \(signed(Double(spectrum.levels.max() ?? 0))) dB"
    }

    /// Numbers for the halves of the picture: below and above about 2.5 kHz, the middle of a mel axis to 12 kHz.
    private static func caption(_ change: [Float]) -> String {
        let half = change.count / 2
        let mean = { (part: ArraySlice<Float>) in Double(part.reduce(0, +) / Float(max(1, part.count))) }
        let size = mean(change.map(\.magnitude)[...])
        return String(format: "%.1f dB apart; ", size)
            + "below 2.5 kHz \(signed(mean(change[half...]))) dB, above \(signed(mean(change[..<half]))) dB"
    }
}

/// One decimal with its sign.
private func signed(_ value: Double) -> String { String(format: "%+.1f", value) }
