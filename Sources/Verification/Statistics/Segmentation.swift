/// Cuts a signal into the stretches that statistics are made over.
public enum Segmentation {
    /// Stretches of at most `longestSeconds` that end at pauses where there are any, and never cross a boundary.
    ///
    /// A pause is the quietest tenth of a second in the second half of a stretch. A rest shorter than `shortestSeconds`
    /// joins the stretch before it, unless a boundary lies between.
    ///
    /// - Parameters:
    ///   - samples: The reference.
    ///   - sampleRate: Samples per second, above 0.
    ///   - longestSeconds: Above 0.
    ///   - shortestSeconds: 0 ... longestSeconds.
    ///   - boundaries: Sample positions of label changes (scene, speaker, class), in any order.
    /// - Returns: Stretches in order that cover all samples once.
    public static func atPauses(
        _ samples: AudioSamples, sampleRate: Int, longestSeconds: Double = 10, shortestSeconds: Double = 1,
        boundaries: [Int] = []
    ) -> [Range<Int>] {
        precondition(
            sampleRate > 0 && longestSeconds > 0 && (0...longestSeconds).contains(shortestSeconds),
            "stretches of \(shortestSeconds) ... \(longestSeconds) s at \(sampleRate) Hz")
        let edges = ([0, samples.count] + boundaries.filter { (1..<max(1, samples.count)).contains($0) }).sorted()
        let longest = max(1, Int(longestSeconds * Double(sampleRate)))
        let shortest = Int(shortestSeconds * Double(sampleRate))
        var result: [Range<Int>] = []
        for (start, end) in zip(edges, edges.dropFirst()) where end > start {
            var position = start
            while end - position > longest {
                let cut = quietest(samples, position + longest / 2..<position + longest, step: max(1, sampleRate / 10))
                result.append(position..<cut)
                position = cut
            }
            if end - position < shortest, position > start, let last = result.popLast() {
                result.append(last.lowerBound..<end)
            } else {
                result.append(position..<end)
            }
        }
        return result
    }

    /// The middle of the quietest step of a range; the first among equals.
    private static func quietest(_ samples: AudioSamples, _ range: Range<Int>, step: Int) -> Int {
        var block = [Double](repeating: 0, count: step)
        var best = (energy: Double.infinity, position: range.upperBound)
        for start in stride(from: range.lowerBound, through: range.upperBound - step, by: max(1, step / 2)) {
            samples.load(from: start, count: step, into: &block)
            var energy = 0.0
            for value in block { energy += value * value }
            if energy < best.energy { best = (energy, start + step / 2) }
        }
        return best.position
    }
}

extension MetricPanel {
    /// Measures every stretch of a pair on its own.
    ///
    /// - Parameters:
    ///   - pair: Any input at all.
    ///   - segments: Sample ranges, such as from `Segmentation`.
    /// - Returns: One report a stretch, in order.
    public func run(_ pair: AudioPair, segments: [Range<Int>]) -> [MetricReport] {
        segments.map { run(pair.slice($0)) }
    }
}
