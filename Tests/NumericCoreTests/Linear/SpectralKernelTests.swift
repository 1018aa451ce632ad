import Glibc
import NumericCore
import TestSupport
import Testing

struct SpectralKernelTests {
    private func noise(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in Float(2 * generator.uniformDouble() - 1) }
    }

    @Test(arguments: KernelLevel.available, [0, 1, 7, 8, 15, 16, 17, 33, 512])
    func `windows multiply, and add up, as in Double`(level: KernelLevel, count: Int) {
        let (window, input, old) = (noise(count, seed: 1), noise(count, seed: 2), noise(count, seed: 3))
        var (product, sum) = (old, old)
        window.withUnsafeBufferPointer { window in
            input.withUnsafeBufferPointer { input in
                product.withUnsafeMutableBufferPointer { product in
                    sum.withUnsafeMutableBufferPointer { sum in
                        guard let w = window.baseAddress, let x = input.baseAddress, let p = product.baseAddress,
                            let s = sum.baseAddress
                        else { return }
                        SpectralKernels.multiply(w, x, into: p, count: count, level: level)
                        SpectralKernels.multiplyAdd(w, x, to: s, count: count, level: level)
                    }
                }
            }
        }
        let products = (0..<count).map { Double(window[$0]) * Double(input[$0]) }
        expectEqual(product, products.map { Float($0) })
        // A product below 1 and a sum below 2, each rounded at most once: 2^-25 + 2^-24.
        let sums = (0..<count).map { Double(old[$0]) + products[$0] }
        expectClose(sum.map { Double($0) }, sums, bound: 0x1.8p-24, relativeTo: .absolute)
    }

    @Test(arguments: KernelLevel.available, [0, 1, 7, 16, 1003])
    func `phases are put on magnitudes as sine and cosine do`(level: KernelLevel, count: Int) {
        let magnitudes = noise(count, seed: 8).map { $0.magnitude }
        // Quarters and their neighbours first.
        let corners = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1 - 0x1p-53, 0.125 - 0x1p-40]
        var generator = SplitMix64(seed: 9)
        let turns = (0..<count).map { $0 < corners.count ? corners[$0] : generator.uniformDouble() }
        var output = [Float](repeating: .nan, count: 2 * count)
        turns.withUnsafeBufferPointer { turns in
            magnitudes.withUnsafeBufferPointer { magnitudes in
                output.withUnsafeMutableBufferPointer { output in
                    guard let t = turns.baseAddress, let m = magnitudes.baseAddress, let o = output.baseAddress else {
                        return
                    }
                    SpectralKernels.turn(t, magnitudes: m, into: o, count: count, level: level)
                }
            }
        }
        let expected = (0..<count).flatMap { index in
            [cos(2 * Double.pi * turns[index]), sin(2 * Double.pi * turns[index])].map {
                $0 * Double(magnitudes[index])
            }
        }
        // Two roundings to float of numbers up to 1.
        expectClose(output.map { Double($0) }, expected, bound: 0x1p-23, relativeTo: .absolute)
    }

    private func project(
        _ now: [Float], _ past: [Float], _ weight: Float, _ magnitudes: [Float], _ level: KernelLevel
    ) -> (isOrdinary: Bool, values: [Float]) {
        var output = [Float](repeating: .nan, count: now.count)
        let isOrdinary = now.withUnsafeBufferPointer { now in
            past.withUnsafeBufferPointer { past in
                magnitudes.withUnsafeBufferPointer { magnitudes in
                    output.withUnsafeMutableBufferPointer { output in
                        guard let n = now.baseAddress, let p = past.baseAddress, let m = magnitudes.baseAddress,
                            let o = output.baseAddress
                        else { return true }
                        return SpectralKernels.project(
                            n, past: p, weight: weight, magnitudes: m, into: o, count: magnitudes.count, level: level)
                    }
                }
            }
        }
        return (isOrdinary, output)
    }

    @Test(arguments: KernelLevel.available, [0, 1, 3, 8, 16, 17, 2049])
    func `phases are kept and magnitudes set, as in Double`(level: KernelLevel, count: Int) {
        let (now, past) = (noise(2 * count, seed: 4), noise(2 * count, seed: 5))
        let magnitudes = noise(count, seed: 6).map { $0.magnitude }
        let (isOrdinary, values) = project(now, past, 0.25, magnitudes, level)
        #expect(isOrdinary)
        let expected = (0..<count).flatMap { bin in
            let re = Double(now[2 * bin]) - 0.25 * Double(past[2 * bin])
            let im = Double(now[2 * bin + 1]) - 0.25 * Double(past[2 * bin + 1])
            let scale = Double(magnitudes[bin]) / (re * re + im * im).squareRoot()
            return [re * scale, im * scale]
        }
        // Rounding d moves a phase by 2^-24 / |d|; the shortest of these d is about 0.01.
        expectClose(values.map { Double($0) }, expected, bound: 1e-5, relativeTo: .absolute)
    }

    @Test(arguments: KernelLevel.available, [Float(0), 0x1p-51, 0x1p51, .nan, .infinity])
    func `a bin too small or too large to square is reported`(level: KernelLevel, value: Float) {
        for position in [0, 5, 16] {
            var now = noise(34, seed: 7)
            (now[2 * position], now[2 * position + 1]) = (value, 0)
            let (isOrdinary, _) = project(now, now, 0, [Float](repeating: 1, count: 17), level)
            #expect(!isOrdinary, "\(value) in bin \(position)")
        }
    }
}
