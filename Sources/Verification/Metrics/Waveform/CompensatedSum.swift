/// A running sum that keeps what rounding loses (Neumaier, 1974): tens of millions of terms cost no accuracy.
struct CompensatedSum {
    private var sum = 0.0
    private var lost = 0.0

    var value: Double { sum + lost }

    mutating func add(_ term: Double) {
        let next = sum + term
        lost += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
        sum = next
    }
}

/// First and second moments of a pair, accumulated in blocks.
struct PairMoments {
    /// Samples per block; a block's partial sums are plain, the sum over blocks is compensated.
    static let blockCount = 4096

    let count: Int
    let referenceMean: Double
    let testMean: Double
    /// Sums of x x, x y, y y and (x - y)^2 after removal of the offsets given.
    let xx: Double
    let xy: Double
    let yy: Double

    /// Sums after removing the means, or of the samples as they are.
    init(_ pair: AudioPair, removingMeans: Bool) {
        count = pair.commonCount
        let n = Double(max(1, count))
        if removingMeans {
            let sums = Self.accumulate(pair) { x, y in (x, y, 0) }
            (referenceMean, testMean) = (sums.0 / n, sums.1 / n)
        } else {
            (referenceMean, testMean) = (0, 0)
        }
        let (mx, my) = (referenceMean, testMean)
        (xx, xy, yy) = Self.accumulate(pair) { x, y in ((x - mx) * (x - mx), (x - mx) * (y - my), (y - my) * (y - my)) }
    }

    /// Three sums over the samples both signals have.
    static func accumulate(
        _ pair: AudioPair, _ term: (_ x: Double, _ y: Double) -> (Double, Double, Double)
    ) -> (Double, Double, Double) {
        var sums = (CompensatedSum(), CompensatedSum(), CompensatedSum())
        var x = [Double](repeating: 0, count: blockCount)
        var y = x
        for start in stride(from: 0, to: pair.commonCount, by: blockCount) {
            let count = min(blockCount, pair.commonCount - start)
            pair.reference.load(from: start, count: count, into: &x)
            pair.test.load(from: start, count: count, into: &y)
            var (a, b, c) = (0.0, 0.0, 0.0)
            for index in 0..<count {
                let terms = term(x[index], y[index])
                a += terms.0
                b += terms.1
                c += terms.2
            }
            sums.0.add(a)
            sums.1.add(b)
            sums.2.add(c)
        }
        return (sums.0.value, sums.1.value, sums.2.value)
    }
}
