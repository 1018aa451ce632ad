internal import CFFTW
import Synchronization

/// The FFTW calls of one precision, so that everything else is written once.
///
/// Plans are opaque pointers; buffers are raw, aligned to 64 bytes and large enough for the plan they are given to.
public struct FourierBackend: Sendable {
    /// The four transforms.
    enum Kind: Sendable {
        case realForward, realInverse, complexForward, complexInverse
    }

    let plan: @Sendable (Kind, Int32, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> OpaquePointer?
    let execute: @Sendable (Kind, OpaquePointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void
    let scale: @Sendable (UnsafeMutableRawPointer, _ count: Int, _ factor: Double) -> Void
    let destroy: @Sendable (OpaquePointer) -> Void
}

/// FFTW's planner and its table of plans are process-wide and not safe for several threads; this lock guards them.
private let planner = Mutex<Void>(())

/// An FFTW plan of one length and direction, made with ESTIMATE so that equal inputs give equal bits in every run.
///
/// Execution takes its own buffers and FFTW allows it from several threads at once; only making and freeing is locked.
final class FourierPlan<Scalar: FourierScalar>: Sendable {
    /// Scalars a row takes in and gives out.
    let inputCount: Int
    let outputCount: Int

    private let kind: FourierBackend.Kind
    /// Written once in `init` and freed once in `deinit`; between them FFTW only reads what it points to.
    nonisolated(unsafe) private let handle: OpaquePointer

    init(_ kind: FourierBackend.Kind, length: Int) {
        precondition(length >= 1 && length <= Int(Int32.max) / 4, "a Fourier transform of length \(length)")
        let spectrumCount = 2 * (length / 2 + 1)
        switch kind {
        case .realForward: (inputCount, outputCount) = (length, spectrumCount)
        case .realInverse: (inputCount, outputCount) = (spectrumCount, length)
        case .complexForward, .complexInverse: (inputCount, outputCount) = (2 * length, 2 * length)
        }
        self.kind = kind
        let input = Self.allocate(inputCount)
        let output = Self.allocate(outputCount)
        defer {
            input.deallocate()
            output.deallocate()
        }
        nonisolated(unsafe) var made: OpaquePointer?
        nonisolated(unsafe) let (source, target) = (input, output)
        // The pointers leave the closure through locals of this thread; the lock's closure may not return them.
        planner.withLock { _ in made = Scalar.fourierBackend.plan(kind, Int32(length), source, target) }
        guard let made else { preconditionFailure("FFTW made no plan of length \(length)") }
        handle = made
    }

    deinit {
        planner.withLock { _ in Scalar.fourierBackend.destroy(handle) }
    }

    /// Transforms row after row and multiplies every output by `scale`.
    ///
    /// Only raw copies and the backend touch the numbers: generic arithmetic would not be specialised for other modules.
    func execute(_ input: Span<Scalar>, into output: inout MutableSpan<Scalar>, scale: Double) {
        let batchCount = input.count / inputCount
        precondition(
            input.count == batchCount * inputCount && output.count == batchCount * outputCount,
            "\(input.count) scalars into \(output.count), where a row takes \(inputCount) and gives \(outputCount)")
        // FFTW's fastest code wants aligned rows; copying costs less than planning for unaligned ones.
        let source = Self.allocate(inputCount)
        let target = Self.allocate(outputCount)
        defer {
            source.deallocate()
            target.deallocate()
        }
        let inputSize = inputCount * MemoryLayout<Scalar>.stride
        let outputSize = outputCount * MemoryLayout<Scalar>.stride
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                guard let from = UnsafeRawPointer(input.baseAddress),
                    let to = UnsafeMutableRawPointer(output.baseAddress)
                else { return }
                for row in 0..<batchCount {
                    source.copyMemory(from: from + row * inputSize, byteCount: inputSize)
                    Scalar.fourierBackend.execute(kind, handle, source, target)
                    if scale != 1 { Scalar.fourierBackend.scale(target, outputCount, scale) }
                    (to + row * outputSize).copyMemory(from: target, byteCount: outputSize)
                }
            }
        }
    }

    /// Transforms one row between the caller's buffers, without copies and without scaling.
    ///
    /// - Parameters:
    ///   - input: `inputCount` scalars; an inverse transform destroys them.
    ///   - output: Receives `outputCount` scalars; must not overlap the input.
    func executeAligned(_ input: UnsafeMutablePointer<Scalar>, into output: UnsafeMutablePointer<Scalar>) {
        // FFTW's vector code was planned for buffers like those of `allocate`.
        precondition(
            UInt(bitPattern: input).isMultiple(of: 64) && UInt(bitPattern: output).isMultiple(of: 64),
            "buffers at \(input) and \(output) are not aligned to 64 bytes")
        Scalar.fourierBackend.execute(kind, handle, UnsafeMutableRawPointer(input), UnsafeMutableRawPointer(output))
    }

    private static func allocate(_ count: Int) -> UnsafeMutableRawPointer {
        let byteCount = count * MemoryLayout<Scalar>.stride
        let pointer = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        pointer.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        return pointer
    }
}
