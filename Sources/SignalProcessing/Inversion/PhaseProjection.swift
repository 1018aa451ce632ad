/// The step of Griffin-Lim that keeps a spectrum's phases and puts the wanted magnitudes in.
enum PhaseProjection {
    /// target = magnitude x d / (|d| + tiny) with d = rebuilt - weight x previous; 0 where d is 0.
    ///
    /// |d| is computed without overflow or underflow: squares of very small or large d are taken after scaling by 2^60.
    ///
    /// - Parameters:
    ///   - rebuilt: Spectrum of the signal now, real and imaginary part in turn.
    ///   - previous: The same an iteration ago, or nil.
    ///   - weight: momentum / (1 + momentum).
    ///   - magnitudes: Wanted, one a bin.
    ///   - binCount: Bins.
    ///   - target: Receives the new spectrum.
    static func run(
        _ rebuilt: UnsafePointer<Float>, previous: UnsafePointer<Float>?, weight: Float,
        magnitudes: UnsafePointer<Float>, binCount: Int, into target: UnsafeMutablePointer<Float>
    ) {
        let previous = previous ?? rebuilt
        // Without a past, d = rebuilt - 0 x rebuilt.
        let width = Lanes.scalarCount
        let wholeCount = binCount / width * width
        for bin in stride(from: 0, to: wholeCount, by: width) {
            let now = load(rebuilt + 2 * bin)
            let past = load(previous + 2 * bin)
            let wanted = UnsafeRawPointer(magnitudes + bin).loadUnaligned(as: Lanes.self)
            let (re, im) = project(
                now.evenHalf - weight * past.evenHalf, now.oddHalf - weight * past.oddHalf, wanted)
            var pair = SIMD16<Float>()
            (pair.evenHalf, pair.oddHalf) = (re, im)
            UnsafeMutableRawPointer(target + 2 * bin).storeBytes(of: pair, as: SIMD16<Float>.self)
        }
        for bin in wholeCount..<binCount {
            let (re, im) = project(
                Lanes(repeating: rebuilt[2 * bin] - weight * previous[2 * bin]),
                Lanes(repeating: rebuilt[2 * bin + 1] - weight * previous[2 * bin + 1]),
                Lanes(repeating: magnitudes[bin]))
            (target[2 * bin], target[2 * bin + 1]) = (re[0], im[0])
        }
    }

    private typealias Lanes = SIMD8<Float>

    private static func load(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
    }

    private static func project(_ re: Lanes, _ im: Lanes, _ wanted: Lanes) -> (Lanes, Lanes) {
        let energy = re * re + im * im
        let isOrdinary = energy .> 0x1p-100 .& energy .< 0x1p100
        if all(isOrdinary) {
            let scale = wanted / energy.squareRoot()
            return (re * scale, im * scale)
        }
        let isSmall = energy .<= 0x1p-100
        let scaling = Lanes(repeating: 1).replacing(with: 0x1p60, where: isSmall)
            .replacing(with: 0x1p-60, where: energy .>= 0x1p100)
        let (x, y) = (re * scaling, im * scaling)
        let length = (x * x + y * y).squareRoot() + Float.leastNormalMagnitude
        return (wanted * (x / length), wanted * (y / length))
    }
}
