internal import CKernels

/// The instruction set that the float kernels use.
///
/// The two vector levels give the same bits: every sum is accumulated in the same order with fused multiply-adds.
/// The plain level is their twin without fusing on processors whose baseline has none.
public enum KernelLevel: String, Sendable, CaseIterable {
    /// Portable C.
    case plain
    /// 256-bit vectors with fused multiply-add.
    case avx2
    /// 512-bit vectors.
    case avx512

    /// The best level of this processor.
    public static let best: KernelLevel = {
        switch ck_best_level() {
        case CK_AVX512: .avx512
        case CK_AVX2: .avx2
        default: .plain
        }
    }()

    /// The levels that this processor can run.
    public static var available: [KernelLevel] {
        switch best {
        case .avx512: [.plain, .avx2, .avx512]
        case .avx2: [.plain, .avx2]
        case .plain: [.plain]
        }
    }

    var code: ck_level {
        switch self {
        case .plain: CK_PLAIN
        case .avx2: CK_AVX2
        case .avx512: CK_AVX512
        }
    }

    /// Floating point operations per second of a loop of fused multiply-adds: the limit of one core.
    ///
    /// - Parameters:
    ///   - rounds: Loop count; 10 million take about a tenth of a second.
    ///   - seconds: Measures the time that its argument takes.
    /// - Returns: Operations per second, a multiply-add counted as two.
    public func peakOperationsPerSecond(rounds: Int, seconds: (() -> Void) -> Double) -> Double {
        var operationsPerRound = 0
        var sum: Float = 0
        let elapsed = seconds { sum = ck_peak_probe(code, rounds, &operationsPerRound) }
        precondition(sum.isFinite, "the probe's sum is \(sum)")
        return Double(rounds * operationsPerRound) / elapsed
    }
}
