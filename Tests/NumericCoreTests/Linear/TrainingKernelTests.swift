import Foundation
import NumericCore
import TestSupport
import Testing

struct TrainingKernelTests {
    private static let counts = [0, 1, 7, 15, 16, 17, 31, 33, 500]

    private func noise(_ count: Int, seed: UInt64, from low: Float = -1, to high: Float = 1) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in low + (high - low) * Float(generator.uniformDouble()) }
    }

    /// Lends input and output of one length; nothing happens for empty ones.
    private func run(
        _ input: [Float], _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    ) -> [Float] {
        var output = [Float](repeating: -7, count: input.count)
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                if let input = input.baseAddress, let output = output.baseAddress { body(input, output) }
            }
        }
        return output
    }

    @Test(arguments: KernelLevel.available, counts)
    func `exponentials are within 1.5e-7 of e^x, and their sum is Double's`(level: KernelLevel, count: Int) {
        let input = noise(count, seed: 1, from: -110, to: 3).map { min($0, 2) }
        var sum = 0.0
        let output = run(input) {
            sum = TrainingKernels.exponentials($0, minus: 2, into: $1, count: count, level: level)
        }
        // The difference is rounded first, as in the formula; below -87 floats lose digits.
        for (found, x) in zip(output, input) {
            let exact = exp(Double(x - 2))
            #expect((Double(found) - exact).magnitude <= 1.5e-7 * exact + 1.5e-45, "at \(x - 2)")
        }
        let total = output.reduce(0.0) { $0 + Double($1) }
        #expect((sum - total).magnitude <= 1e-12 * total)
    }

    @Test(arguments: KernelLevel.available)
    func `exponentials are exact at 0 and keep their bound over every exponent`(level: KernelLevel) {
        let input = (0...87_000).map { Float($0) / -1000 }
        let output = run(input) {
            _ = TrainingKernels.exponentials($0, minus: 0, into: $1, count: input.count, level: level)
        }
        #expect(output[0] == 1)
        expectClose(output.map { Double($0) }, input.map { exp(Double($0)) }, bound: 1.5e-7, relativeTo: .elementwise)
    }

    @Test(arguments: KernelLevel.available, counts)
    func `sigmoid is within 3e-7 of its formula on both sides`(level: KernelLevel, count: Int) {
        let input = noise(count, seed: 2, from: -30, to: 30)
        let output = run(input) { TrainingKernels.sigmoid($0, into: $1, count: count, level: level) }
        expectClose(
            output.map { Double($0) }, input.map { 1 / (1 + exp(-Double($0))) }, bound: 3e-7, relativeTo: .elementwise)
    }

    @Test(arguments: KernelLevel.available)
    func `NaN stays NaN where a number would hide it`(level: KernelLevel) {
        let input: [Float] = [0, .nan, -1, 1, .infinity, -.infinity]
        let sigmoid = run(input) { TrainingKernels.sigmoid($0, into: $1, count: 6, level: level) }
        #expect(sigmoid[1].isNaN && sigmoid[0] == 0.5 && sigmoid[4] == 1 && sigmoid[5] == 0)
        var sum = 0.0
        let output = run([0, .nan, -1]) {
            sum = TrainingKernels.exponentials($0, minus: 0, into: $1, count: 3, level: level)
        }
        #expect(output[1].isNaN && sum.isNaN && output[0] == 1)
    }

    @Test(arguments: KernelLevel.available, counts.dropFirst())
    func `the peak is the largest number wherever it stands`(level: KernelLevel, count: Int) {
        for place in [0, count / 2, count - 1] {
            var input = noise(count, seed: 3)
            input[place] = 5
            let peak = input.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { TrainingKernels.peak($0, count: count, level: level) }
            }
            #expect(peak == 5, "at \(place)")
            let low = input.map { $0 - 100 }
            let negative = low.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { TrainingKernels.peak($0, count: count, level: level) }
            }
            #expect(negative == -95)
        }
    }

    @Test(arguments: KernelLevel.available, counts)
    func `squares are summed and numbers scaled as in Double`(level: KernelLevel, count: Int) {
        let input = noise(count, seed: 4)
        var sum = 0.0
        let scaled = run(input) {
            sum = TrainingKernels.squareSum($0, count: count, level: level)
            $1.update(from: $0, count: count)
            TrainingKernels.scale($1, by: 0.3, count: count, level: level)
        }
        let exact = input.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect((sum - exact).magnitude <= 1e-13 * Double(count))
        #expect(scaled == input.map { $0 * 0.3 })
    }

    @Test(arguments: KernelLevel.available, counts)
    func `a step of Adam is its formula in Double`(level: KernelLevel, count: Int) {
        let rule = TrainingKernels.AdamRule(
            shrink: 0.999, coupledDecay: 0.01, newFirst: 0.1, beta2: 0.999, newSecond: 0.001, rate: 0.02,
            rootCorrection: 0.3, epsilon: 1e-8)
        let (gradients, first) = (noise(count, seed: 5), noise(count, seed: 6))
        let (second, start) = (noise(count, seed: 7, from: 0.1), noise(count, seed: 8))
        var (moment, square) = (first, second)
        let moved = run(gradients) { gradients, values in
            values.update(from: start, count: count)
            moment.withUnsafeMutableBufferPointer { moment in
                square.withUnsafeMutableBufferPointer { square in
                    guard let m = moment.baseAddress, let s = square.baseAddress else { return }
                    TrainingKernels.adam(rule, values, gradients, first: m, second: s, count: count, level: level)
                }
            }
        }
        for index in 0..<count {
            let value = Double(start[index])
            let gradient = Double(gradients[index]) + 0.01 * value
            let mean = Double(first[index]) + 0.1 * (gradient - Double(first[index]))
            let power = 0.999 * Double(second[index]) + 0.001 * gradient * gradient
            let next = 0.999 * value - 0.02 * (mean / (power.squareRoot() / 0.3 + 1e-8))
            // Constants and a handful of operations, each rounded to 2^-24 of numbers up to 2.
            for (found, exact) in [(moment[index], mean), (square[index], power), (moved[index], next)] {
                #expect((Double(found) - exact).magnitude <= 1e-6)
            }
        }
    }

    @Test(arguments: [(0, 3), (1, 1), (5, 1), (1, 7), (31, 33), (64, 32), (100, 65), (4, 70)])
    func `a matrix turned over has every element in its place`(rows: Int, columns: Int) {
        let input = (0..<rows * columns).map { Float($0) }
        let output = run(input) { TrainingKernels.transpose($0, rows: rows, columns: columns, into: $1) }
        #expect(output == (0..<rows * columns).map { Float($0 % max(1, rows) * columns + $0 / max(1, rows)) })
    }
}
