/// Finds the stretch of the test neurogram that each reference patch fits best, in order of time.
enum PatchMatching {
    /// One reference patch and its match.
    struct Match: Sendable {
        /// First frame of the reference patch.
        let referenceFrame: Int
        /// First frame of the match; nil where leaving the patch out scores better (a lost packet).
        let testFrame: Int?
        let similarity: PatchSimilarity
    }

    /// Dynamic programming over start frames within `radius` patches of the reference's own place.
    ///
    /// The best sum of similarities of the patches up to this one, when this one starts at frame s, is its own similarity
    /// plus the best sum that ends earlier than s, or that of the patches before at the same s without this patch. Sums
    /// that were never computed count as 0, as in ViSQOL.
    static func match(
        _ patches: [(frame: Int, patch: Neurogram)], _ test: Neurogram, radius: Int = 60,
        as program: VisqolProgram = .original
    ) -> [Match]? {
        guard let length = patches.first?.patch.frameCount else { return nil }
        // The last patch may start up to half a patch after the test signal's end.
        let used = Array(patches.prefix { $0.frame - length / 2 <= test.frameCount })
        guard !used.isEmpty else { return nil }
        let window = radius * length
        let candidates = (0..<test.frameCount).map { test.patch(from: $0, count: length) }
        var sums: [[Double]] = []
        var origins: [[Int]] = []
        for (index, item) in used.enumerated() {
            var row = [Double](repeating: 0, count: test.frameCount)
            var origin = [Int](repeating: 0, count: test.frameCount)
            let earliest = index > 0 ? max(0, used[index - 1].frame - window) : 0
            var (best, bestAt, next) = (-Double.greatestFiniteMagnitude, -1, earliest)
            for start in max(0, item.frame - window)..<max(0, min(item.frame + window + 1, test.frameCount)) {
                var total = NeurogramSimilarity.compare(item.patch, candidates[start]).similarity
                var from = -1
                if index > 0 {
                    while next < start {
                        if sums[index - 1][next] >= best { (best, bestAt) = (sums[index - 1][next], next) }
                        next += 1
                    }
                    (total, from) = (total + best, bestAt)
                    if sums[index - 1][start] > total { (total, from) = (sums[index - 1][start], start) }
                }
                (row[start], origin[start]) = (total, from)
            }
            sums.append(row)
            origins.append(origin)
        }
        let room = program.lastPatchMayOverrun ? 0 : length
        return trace(used, candidates, sums, origins, window, room: room)
    }

    /// Follows the best sums back from the last patch, which starts more than `room` frames before the end.
    private static func trace(
        _ used: [(frame: Int, patch: Neurogram)], _ candidates: [Neurogram], _ sums: [[Double]], _ origins: [[Int]],
        _ window: Int, room: Int
    ) -> [Match]? {
        let last = used.count - 1
        let lower = max(0, used[last].frame - window)
        let upper = min(used[last].frame + window + 1, candidates.count - room)
        guard lower < upper else { return nil }
        var start = lower
        for candidate in lower..<upper where sums[last][candidate] > sums[last][start] { start = candidate }
        var matches: [Match] = []
        for index in used.indices.reversed() {
            let isMissing = origins[index][start] == start
            let similarity = NeurogramSimilarity.compare(used[index].patch, candidates[start])
            let none = PatchSimilarity(bandMeans: similarity.bandMeans.map { _ in 0 }, similarity: 0)
            matches.append(
                Match(
                    referenceFrame: used[index].frame, testFrame: isMissing ? nil : start,
                    similarity: isMissing ? none : similarity))
            start = max(0, origins[index][start])
        }
        return matches.reversed()
    }
}
