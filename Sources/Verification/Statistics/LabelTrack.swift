/// What kind of sound a stretch of a film is.
public enum SoundLabel: String, Sendable, Encodable, CaseIterable {
    /// One voice or several, alone.
    case speech
    /// Music alone.
    case music
    /// Noises alone.
    case effect
    /// Speech over something else.
    case mix
    /// Nothing that is meant to be heard.
    case silence
}

/// Which second of a film is what: labels that follow each other without gaps.
public struct LabelTrack: Sendable, Equatable {
    /// A stretch of one label.
    public struct Entry: Sendable, Equatable {
        /// First second.
        public let startSeconds: Double
        /// Where the next one begins, above `startSeconds`.
        public let endSeconds: Double
        /// What is heard.
        public let label: SoundLabel
    }

    /// What is wrong with a text: one sentence with line, value and remedy, without a full stop.
    public struct Problem: Error, Equatable, CustomStringConvertible {
        /// The sentence.
        public let description: String
    }

    /// In order of time from 0; at least one.
    public let entries: [Entry]

    /// Where the last label ends.
    public var endSeconds: Double { entries.last?.endSeconds ?? 0 }

    /// Reads CSV: the line `start,end,label`, then one stretch a line in seconds.
    ///
    /// Nothing is guessed: cells are plain decimal numbers and a label of ``SoundLabel``, the first stretch begins at 0 and
    /// each other one where the stretch before it ends. Empty lines at the end are passed over.
    ///
    /// - Parameter text: The file's contents.
    /// - Throws: ``Problem`` at the first line that is otherwise.
    public init(csv text: String) throws(Problem) {
        var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        guard lines.first == "start,end,label" else {
            throw Problem(description: "line 1 is '\(lines.first ?? "")'; write start,end,label")
        }
        var entries: [Entry] = []
        for (index, line) in lines.enumerated().dropFirst() {
            entries.append(try Self.entry(line, number: index + 1, after: entries.last))
        }
        guard !entries.isEmpty else {
            throw Problem(description: "no label follows the first line; write one start,end,label a line")
        }
        self.entries = entries
    }

    private static func entry(_ line: Substring, number: Int, after last: Entry?) throws(Problem) -> Entry {
        func problem(_ text: String) -> Problem { Problem(description: "line \(number) '\(line)' \(text)") }
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        guard cells.count == 3, let start = seconds(cells[0]), let end = seconds(cells[1]) else {
            throw problem("is not two numbers of seconds and a label; write it like 0.80,4.74,speech")
        }
        guard let label = SoundLabel(rawValue: String(cells[2])) else {
            let known = SoundLabel.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem("has the label '\(cells[2])'; use one of \(known)")
        }
        guard start == last?.endSeconds ?? 0 else {
            let place = last.map { "where the line before ends, at \($0.endSeconds)" } ?? "at 0"
            throw problem("does not begin \(place); label every stretch, silence too")
        }
        guard end > start else { throw problem("ends at \(end), not after its start; give a later end") }
        return Entry(startSeconds: start, endSeconds: end, label: label)
    }

    /// Digits with at most one point among them; everything else (signs, powers, spaces, nan) is refused.
    private static func seconds(_ cell: Substring) -> Double? {
        let isPlain = cell.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 } && cell.utf8.first != 46
        guard isPlain, let value = Double(cell), value < 1e6 else { return nil }
        return value
    }
}

/// A stretch of a signal and what is heard in it.
public struct LabelledSegment: Sendable, Equatable {
    /// Samples.
    public let range: Range<Int>
    /// What is heard.
    public let label: SoundLabel
}

extension Segmentation {
    /// Stretches that end at label changes first, then at pauses as with ``atPauses(_:sampleRate:longestSeconds:shortestSeconds:boundaries:)``.
    ///
    /// - Parameters:
    ///   - track: Labels; what lies beyond the last one's end keeps its label.
    ///   - samples: The reference.
    ///   - sampleRate: Samples per second, above 0.
    ///   - startSeconds: The second of the track that the first sample stands for.
    ///   - longestSeconds: Above 0.
    ///   - shortestSeconds: 0 ... longestSeconds; a stretch of a shorter label stays short.
    /// - Returns: Stretches in order that cover all samples once.
    public static func atLabels(
        _ track: LabelTrack, _ samples: AudioSamples, sampleRate: Int, startSeconds: Double = 0,
        longestSeconds: Double = 10, shortestSeconds: Double = 1
    ) -> [LabelledSegment] {
        let ends = track.entries.map { Int((($0.endSeconds - startSeconds) * Double(sampleRate)).rounded()) }
        let ranges = atPauses(
            samples, sampleRate: sampleRate, longestSeconds: longestSeconds, shortestSeconds: shortestSeconds,
            boundaries: ends.dropLast())
        var index = 0
        return ranges.map { range in
            while index < ends.count - 1, ends[index] <= range.lowerBound { index += 1 }
            return LabelledSegment(range: range, label: track.entries[index].label)
        }
    }
}
