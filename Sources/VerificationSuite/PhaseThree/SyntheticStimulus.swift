internal import NumericCore

/// Features of no real sound, made by a formula: something for synthetic scans to answer to.
///
/// A few sources change their level after two to five TRs, as scenes do; each band is a mixture of them with a ripple
/// of its own. Values lie between -75 and -5 dB.
struct SyntheticStimulus {
    /// TRs: 7.5 minutes at 1.5 s, of which 98 are held out behind the gap.
    var trCount = 300
    var bandCount = 40
    var columnCount = 8
    var sourceCount = 6
    var seed: UInt64

    /// (TRs, bands, columns) in dB.
    func features() -> Tensor<Float> {
        var random = Xoshiro256(seed: seed)
        let courses = (0..<sourceCount).map { _ in course(&random) }
        let weights = (0..<bandCount).map { _ in courses.map { _ in 2 * random.uniformFloat() - 1 } }
        var elements: [Float] = []
        elements.reserveCapacity(trCount * bandCount * columnCount)
        for tr in 0..<trCount {
            for band in weights {
                let size = band.reduce(0) { $0 + abs($1) }
                let level = zip(band, courses).reduce(0) { $0 + $1.0 * $1.1[tr] } / max(size, 1e-6)
                for _ in 0..<columnCount { elements.append(-40 + 30 * level + 5 * (2 * random.uniformFloat() - 1)) }
            }
        }
        return Tensor(elements, shape: [trCount, bandCount, columnCount])
    }

    /// Levels between -1 and 1 that hold for two to five TRs.
    private func course(_ random: inout Xoshiro256) -> [Float] {
        var course: [Float] = []
        while course.count < trCount {
            let level = 2 * random.uniformFloat() - 1
            course += [Float](repeating: level, count: 2 + Int(4 * random.uniformFloat()))
        }
        return Array(course.prefix(trCount))
    }
}
