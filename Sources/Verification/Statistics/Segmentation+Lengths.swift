import Glibc

extension Segmentation {
    /// Stretches whose lengths all lie in a range, cut where the signal is as quiet as the range allows.
    ///
    /// Among all ways to cut on a grid of 50 ms, the one with the least sum of levels at its cuts is taken; a level is that
    /// of the tenth of a second around the cut, in dB above 60 below the loudest. Where no way has all lengths in the range
    /// (16 s hold two stretches of 8 s, 15 s hold none), the last stretch takes the rest and is longer; a signal shorter than
    /// the range is one stretch.
    ///
    /// - Parameters:
    ///   - samples: The reference; a sample that is not finite counts as loud.
    ///   - sampleRate: Samples per second, above 0.
    ///   - seconds: Shortest and longest, at least 0.1 s.
    /// - Returns: Stretches in order that cover all samples once; none of no samples.
    public static func ofLengths(
        _ samples: AudioSamples, sampleRate: Int, seconds: ClosedRange<Double>
    ) -> [Range<Int>] {
        precondition(
            sampleRate > 0 && seconds.lowerBound >= 0.1 && seconds.upperBound.isFinite,
            "stretches of \(seconds) s at \(sampleRate) Hz")
        guard samples.count > 0 else { return [] }
        let step = max(1, sampleRate / 20)
        let shortest = Int((seconds.lowerBound * Double(sampleRate)).rounded(.up))
        let longest = max(shortest, Int(seconds.upperBound * Double(sampleRate)))
        let cuts = LeastLoudCuts(levels(samples, step: step), step: step, count: samples.count)
        let edges =
            [0]
            + (cuts.find(shortest: shortest, longest: longest, last: shortest...longest)
                ?? cuts.find(shortest: shortest, longest: longest, last: shortest...(shortest + longest)) ?? [])
            + [samples.count]
        return zip(edges, edges.dropFirst()).map { $0..<$1 }
    }

    /// Levels in dB of two steps around each point of a grid, 0 at 60 dB below the loudest.
    private static func levels(_ samples: AudioSamples, step: Int) -> [Double] {
        var block = [Double](repeating: 0, count: 2 * step)
        let energies = stride(from: 0, through: samples.count, by: step).map { position in
            samples.load(from: position - step, count: 2 * step, into: &block)
            let energy = block.reduce(0) { $0 + $1 * $1 }
            return energy.isFinite ? energy : .greatestFiniteMagnitude
        }
        let loudest = energies.reduce(0, max)
        guard loudest > 0 else { return energies.map { _ in 0 } }
        return energies.map { max(0, 60 + 10 * log10($0 / loudest)) }
    }
}

/// The cheapest way to cut a signal on a grid.
private struct LeastLoudCuts {
    private let levels: [Double]
    private let step: Int
    private let count: Int

    init(_ levels: [Double], step: Int, count: Int) { (self.levels, self.step, self.count) = (levels, step, count) }

    /// The cuts, in samples; nil where the lengths cannot be kept.
    ///
    /// The best sum up to a point is its own level plus the least of the points that lie one length before it; the first
    /// among equals.
    func find(shortest: Int, longest: Int, last: ClosedRange<Int>) -> [Int]? {
        if last.contains(count) { return [] }
        // Lengths in steps, inside the lengths in samples.
        let (near, far) = ((shortest + step - 1) / step, longest / step)
        var sums = [Double](repeating: .infinity, count: levels.count)
        var origins = [Int](repeating: 0, count: levels.count)
        sums[0] = 0
        for point in levels.indices.dropFirst(near) where near <= far {
            for from in max(0, point - far)...(point - near) where sums[from] + levels[point] < sums[point] {
                (sums[point], origins[point]) = (sums[from] + levels[point], from)
            }
        }
        var point: Int?
        for index in levels.indices where index > 0 && last.contains(count - index * step) && sums[index].isFinite {
            if sums[index] < point.map({ sums[$0] }) ?? .infinity { point = index }
        }
        guard var point else { return nil }
        var cuts: [Int] = []
        while point > 0 {
            cuts.append(point * step)
            point = origins[point]
        }
        return cuts.reversed()
    }
}
