import NumericCore
import TestSupport
import Testing

struct PolyphaseKernelTests {
    private func noise(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in 2 * generator.uniformDouble() - 1 }
    }

    /// Zeros between the samples, the whole filter over them, every `down`-th result: what polyphase saves.
    private func plain(_ taps: [Double], _ input: [Double], up: Int, down: Int, delay: Int, count: Int) -> [Double] {
        (0..<count).map { m in
            taps.indices.reduce(0.0) { sum, tap in
                let place = m * down + delay - tap
                guard place >= 0, place % up == 0, place / up < input.count else { return sum }
                return sum + taps[tap] * input[place / up]
            }
        }
    }

    @Test(
        arguments: KernelLevel.available,
        [(5, 12, 871), (1, 3, 31), (3, 1, 16), (7, 5, 1), (200, 441, 3197), (4, 3, 129)])
    func `phases give what the whole filter gives`(level: KernelLevel, shape: (up: Int, down: Int, taps: Int)) {
        let (up, down, taps) = (shape.up, shape.down, noise(shape.taps, seed: 1))
        let (input, delay) = (noise(500, seed: 2), shape.taps / 2)
        let kernel = PolyphaseKernel(taps: taps, up: up, down: down)
        #expect(kernel.width % 16 == 0 && kernel.width * up >= taps.count)
        let count = 500 * up / down
        var found = [Double](repeating: .nan, count: count)
        // In pieces of odd length, as callers do.
        for first in stride(from: 0, to: count, by: 37) {
            let piece = min(37, count - first)
            let tap = first * down + delay
            let origin = kernel.firstInput(tap: tap)
            let end = (tap + (piece - 1) * down) / up + 1
            let block = (origin..<end).map { input.indices.contains($0) ? input[$0] : 0 }
            block.withUnsafeBufferPointer { block in
                found.withUnsafeMutableBufferPointer { found in
                    let target = UnsafeMutableBufferPointer(rebasing: found[first..<(first + piece)])
                    kernel.run(tap: tap, block, into: target, level: level)
                }
            }
        }
        let expected = plain(taps, input, up: up, down: down, delay: delay, count: count)
        // Fewer than 256 products below 1, each rounded once or twice at 2^-53 of a sum below 256.
        expectClose(found, expected, bound: 1e-11, relativeTo: .absolute)
    }
}
