/// The result of `bench pipeline`.
struct PipelineBenchReport: Encodable {
    /// The times of one stage beside one peer, on one thread.
    struct Row: Encodable {
        let stage: String
        let title: String
        /// What `ourError` and `peerError` are.
        let errorName: String
        let peer: String
        /// Sound that one run covers.
        let soundSeconds: Double
        var ourSeconds: [Double] = []
        var peerSeconds: [Double] = []
        /// How far the result is from what it should be.
        var ourError: Double?
        var peerError: Double?
        var notMeasured: String?

        var oursIsFasterBy: Double? {
            guard let ours = ourSeconds.median, let theirs = peerSeconds.median else { return nil }
            return theirs / ours
        }

        private enum Keys: String, CodingKey {
            case stage, title, errorName, peer, soundSeconds, ourSeconds, peerSeconds, ourMedianSeconds
            case peerMedianSeconds, oursIsFasterBy, ourError, peerError, notMeasured
        }

        func encode(to encoder: any Encoder) throws {
            var keys = encoder.container(keyedBy: Keys.self)
            try keys.encode(stage, forKey: .stage)
            try keys.encode(title, forKey: .title)
            try keys.encode(errorName, forKey: .errorName)
            try keys.encode(peer, forKey: .peer)
            try keys.encode(soundSeconds, forKey: .soundSeconds)
            try keys.encode(ourSeconds, forKey: .ourSeconds)
            try keys.encode(peerSeconds, forKey: .peerSeconds)
            try keys.encodeIfPresent(ourSeconds.median, forKey: .ourMedianSeconds)
            try keys.encodeIfPresent(peerSeconds.median, forKey: .peerMedianSeconds)
            try keys.encodeIfPresent(oursIsFasterBy, forKey: .oursIsFasterBy)
            try keys.encodeIfPresent(ourError, forKey: .ourError)
            try keys.encodeIfPresent(peerError, forKey: .peerError)
            try keys.encodeIfPresent(notMeasured, forKey: .notMeasured)
        }
    }

    let audioSeconds: Double
    let environment: BenchEnvironment
    let input: String
    let repeats: Int
    let rows: [Row]
    let threads: Int

    /// The report as text.
    var text: String {
        let header = ["", "beside", "ours s", "x real time", "theirs s", "ours is faster by", "our error", "theirs"]
        let table = Text.table([header] + rows.map(cells))
        let missing = rows.compactMap { row in row.notMeasured.map { "\(row.peer): not measured (\($0))\n" } }
        var errors: [String] = []
        for row in rows where !errors.contains("\(row.title): \(row.errorName)") {
            errors.append("\(row.title): \(row.errorName)")
        }
        return environment.text
            + "\n\(Text.plain(audioSeconds)) s of \(input), one thread; median of \(repeats) runs in "
            + "turn after a warm-up, librosa's least squares and SciPy once\n\n\(table)"
            + Set(missing).sorted().joined() + "errors: \(errors.joined(separator: "; "))\n"
    }

    private func cells(_ row: Row) -> [String] {
        [
            row.title, row.peer, row.ourSeconds.median.map { Text.fixed($0, 4) } ?? "",
            row.ourSeconds.median.map { Text.fixed(row.soundSeconds / $0, 1) } ?? "",
            row.peerSeconds.median.map { Text.fixed($0, 4) } ?? "",
            row.oursIsFasterBy.map { Text.fixed($0, 1) + "x" } ?? "",
            row.ourError.map { Text.fixed($0, 6) } ?? "", row.peerError.map { Text.fixed($0, 6) } ?? "",
        ]
    }
}
