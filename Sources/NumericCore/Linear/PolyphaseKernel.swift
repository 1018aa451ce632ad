internal import CKernels

/// Resampling in Double by a filter that is stored by phases, compiled for every instruction set.
package struct PolyphaseKernel: Sendable {
    /// Output samples for each `down` input samples.
    package let up: Int
    /// Input samples for each `up` output samples.
    package let down: Int
    /// Taps of one phase, zeros included: a multiple of 16.
    package let width: Int
    /// One row a phase, the oldest input's tap first.
    private let rows: [Double]

    /// Sorts a filter by phase.
    ///
    /// - Parameters:
    ///   - taps: Filter at `up` times the input's rate; at least one.
    ///   - up: At least 1.
    ///   - down: At least 1.
    package init(taps: [Double], up: Int, down: Int) {
        precondition(!taps.isEmpty && up > 0 && down > 0, "\(taps.count) taps for \(up) / \(down)")
        let width = ((taps.count + up - 1) / up + 15) / 16 * 16
        var rows = [Double](repeating: 0, count: up * width)
        for phase in 0..<up {
            for (step, tap) in stride(from: phase, to: taps.count, by: up).enumerated() {
                rows[phase * width + width - 1 - step] = taps[tap]
            }
        }
        (self.up, self.down, self.width, self.rows) = (up, down, width, rows)
    }

    /// The first input sample that an output reaches; the last one is `tap / up`.
    ///
    /// - Parameter tap: The output's index times `down`, plus the filter's delay in taps.
    /// - Returns: A position, negative before the input's start.
    package func firstInput(tap: Int) -> Int { tap / up - width + 1 }

    /// Computes consecutive outputs.
    ///
    /// - Parameters:
    ///   - tap: That of the first output, at least 0.
    ///   - input: Samples from `firstInput(tap:)` of the first output to `tap / up` of the last.
    ///   - output: Filled.
    ///   - level: Instruction set.
    package func run(
        tap: Int, _ input: UnsafeBufferPointer<Double>, into output: UnsafeMutableBufferPointer<Double>,
        level: KernelLevel = .best
    ) {
        guard output.count > 0 else { return }
        let origin = firstInput(tap: tap)
        let needed = (tap + (output.count - 1) * down) / up + 1 - origin
        precondition(tap >= 0 && input.count >= needed, "\(input.count) inputs, \(needed) are reached from tap \(tap)")
        rows.withUnsafeBufferPointer { rows in
            var polyphase = ck_polyphase(
                rows: rows.baseAddress, width: width, up: up, down: down, top: tap, in: input.baseAddress,
                origin: origin, out: output.baseAddress, count: output.count)
            ck_polyphase_run(level.code, &polyphase)
        }
    }
}
