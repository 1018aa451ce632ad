internal import AudioIO
internal import Foundation
public import Verification

extension FilmContext {
    /// Segments shown at most; with three seconds of 16 bits each a report of 7 versions has 6 MB of sound.
    static let shownSegmentCount = 6
    private static let shownSeconds = 3

    /// Sounds of the worst segments and of the middle one, as WAV files beside the report.
    ///
    /// - Parameters:
    ///   - values: What says which segments are the worst.
    ///   - direction: Which way is good.
    ///   - versions: What to listen to, the original first.
    /// - Returns: One attachment a segment and version, worst first; none without a report folder or a number.
    /// - Throws: What making the versions and writing files throws.
    public func snippets(
        _ values: [SegmentValue], direction: Finding.Direction, versions: [FilmVersion]
    ) throws -> [Finding.Attachment] {
        guard request.reportFolder != nil else { return [] }
        let measured = values.enumerated().compactMap { index, value in value.number.map { (index, $0) } }
        let sign = direction == .higher ? 1.0 : -1.0
        let worstFirst = measured.sorted { (sign * $0.1, $0.0) < (sign * $1.1, $1.0) }.map(\.0)
        guard !worstFirst.isEmpty else { return [] }
        var chosen = Array(worstFirst.prefix(Self.shownSegmentCount - 1))
        let median = worstFirst[worstFirst.count / 2]
        if !chosen.contains(median) { chosen.append(median) }
        return try chosen.flatMap { index in try versions.map { try snippet($0, segment: index) } }
    }

    private func snippet(_ version: FilmVersion, segment index: Int) throws -> Finding.Attachment {
        if let known = shownVersions[version]?[index] { return known }
        guard let folder = request.reportFolder else { throw NotMeasurable("there is no report folder") }
        let name = "\(Self.snippetFolder)/segment-\(index)-\(version.id).wav"
        let sound = try sound(version)
        let range = clock.range(segments[index].range, at: sound.sampleRate)
        let end = min(range.upperBound, range.lowerBound + Self.shownSeconds * sound.sampleRate)
        let clip = AudioClip(samples: try sound.samples(range.lowerBound..<end), sampleRate: sound.sampleRate)
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent(Self.snippetFolder), withIntermediateDirectories: true)
        _ = try clip.resampled(to: 24_000).write(to: folder.appendingPathComponent(name).path, encoding: .pcm16)
        let attachment = Finding.Attachment(path: name, kind: .audio, title: version.title, segment: index)
        shownVersions[version, default: [:]][index] = attachment
        return attachment
    }

    /// Folder of the sounds inside the report's folder.
    static let snippetFolder = "sounds"
}
