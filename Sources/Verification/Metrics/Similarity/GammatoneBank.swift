import Glibc

/// Slaney's fourth-order gammatone filters as cascades of four second-order sections, bands spaced on the ERB scale.
///
/// Ear parameters of Glasberg and Moore: Q 9.26449, least width 24.7 Hz, width factor 1.019. Bands run from low to high.
struct GammatoneBank: Sendable {
    let bandCount: Int
    /// Groups of eight bands that are filtered side by side; unused lanes have zero gain.
    private let groups: [Group]

    private struct Group: Sendable {
        /// Numerators b0 and b1 of the four sections; b2 is 0.
        var b0: SIMD8<Double> = .zero
        var b1 = [SIMD8<Double>](repeating: .zero, count: 4)
        var a1: SIMD8<Double> = .zero
        var a2: SIMD8<Double> = .zero
        /// 1 over the cascade's gain at the centre.
        var gain: SIMD8<Double> = .zero
    }

    init(sampleRate: Int, bandCount: Int, lowest: Double, highest: Double) {
        self.bandCount = bandCount
        let (quality, leastWidth) = (9.26449, 24.7)
        let period = 1 / Double(sampleRate)
        let top = min(highest, Double(sampleRate) / 2) + quality * leastWidth
        let step = (log(lowest + quality * leastWidth) - log(top)) / Double(bandCount)
        var groups = [Group](repeating: Group(), count: (bandCount + 7) / 8)
        for band in 0..<bandCount {
            let centre = -quality * leastWidth + exp(Double(bandCount - band) * step) * top
            let width = 1.019 * 2 * Double.pi * (centre / quality + leastWidth)
            Self.design(centre, width, period, into: &groups[band / 8], lane: band % 8)
        }
        self.groups = groups
    }

    private static func design(
        _ centre: Double, _ width: Double, _ period: Double, into group: inout Group, lane: Int
    ) {
        let angle = 2 * centre * Double.pi * period
        let decay = exp(-width * period)
        let roots = [(3 + exp2(1.5)).squareRoot(), -(3 + exp2(1.5)).squareRoot(), (3 - exp2(1.5)).squareRoot()]
        group.b0[lane] = period
        group.a1[lane] = -2 * cos(angle) * decay
        group.a2[lane] = decay * decay
        for (section, root) in (roots + [-roots[2]]).enumerated() {
            group.b1[section][lane] = -period * decay * (cos(angle) + root * sin(angle))
        }
        // Gain: |product of the sections' responses at the centre|, z^-1 = exp(-i angle).
        var gain = 1.0
        let poles = squaredMagnitude(1, group.a1[lane], group.a2[lane], angle)
        for section in 0..<4 {
            gain *= (squaredMagnitude(period, group.b1[section][lane], 0, angle) / poles).squareRoot()
        }
        group.gain[lane] = 1 / gain
    }

    /// |c0 + c1 z^-1 + c2 z^-2|^2 on the unit circle.
    private static func squaredMagnitude(_ c0: Double, _ c1: Double, _ c2: Double, _ angle: Double) -> Double {
        let re = c0 + c1 * cos(angle) + c2 * cos(2 * angle)
        let im = c1 * sin(angle) + c2 * sin(2 * angle)
        return re * re + im * im
    }

    /// Root mean squares of all bands of one frame; every frame starts from rest.
    func levels(_ frame: [Double], into levels: UnsafeMutablePointer<Double>) {
        for (index, group) in groups.enumerated() {
            let squares = Self.run(group, frame)
            for lane in 0..<min(8, bandCount - 8 * index) {
                levels[8 * index + lane] = (squares[lane] / Double(frame.count)).squareRoot()
            }
        }
    }

    private static func run(_ group: Group, _ frame: [Double]) -> SIMD8<Double> {
        // Two delays a section, transposed form; the last numerator is 0.
        var (p1, q1, p2, q2) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
        var (p3, q3, p4, q4) = (p1, p1, p1, p1)
        var sum = SIMD8<Double>.zero
        let (b0, a1, a2, gain) = (group.b0, group.a1, group.a2, group.gain)
        let (c1, c2, c3, c4) = (group.b1[0], group.b1[1], group.b1[2], group.b1[3])
        for sample in frame {
            let x = sample * gain
            let y1 = b0 * x + p1
            p1 = c1 * x + q1 - a1 * y1
            q1 = -a2 * y1
            let y2 = b0 * y1 + p2
            p2 = c2 * y1 + q2 - a1 * y2
            q2 = -a2 * y2
            let y3 = b0 * y2 + p3
            p3 = c3 * y2 + q3 - a1 * y3
            q3 = -a2 * y3
            let y4 = b0 * y3 + p4
            p4 = c4 * y3 + q4 - a1 * y4
            q4 = -a2 * y4
            sum += y4 * y4
        }
        return sum
    }
}
