internal import CFFTW

/// A precision FFTW has: `Float` or `Double`.
public protocol FourierScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    /// The library's functions of this precision.
    static var fourierBackend: FourierBackend { get }
}

extension Float: FourierScalar {
    /// FFTW's functions of this precision.
    public static let fourierBackend = FourierBackend(
        plan: { kind, length, input, output in
            let flags = UInt32(FFTW_ESTIMATE)
            let real = { (pointer: UnsafeMutableRawPointer) in pointer.assumingMemoryBound(to: Float.self) }
            let complex = { (pointer: UnsafeMutableRawPointer) in pointer.assumingMemoryBound(to: fftwf_complex.self) }
            return switch kind {
            case .realForward: fftwf_plan_dft_r2c_1d(length, real(input), complex(output), flags)
            case .realInverse: fftwf_plan_dft_c2r_1d(length, complex(input), real(output), flags)
            case .complexForward: fftwf_plan_dft_1d(length, complex(input), complex(output), FFTW_FORWARD, flags)
            case .complexInverse: fftwf_plan_dft_1d(length, complex(input), complex(output), FFTW_BACKWARD, flags)
            }
        },
        execute: { kind, plan, input, output in
            let real = { (pointer: UnsafeMutableRawPointer) in pointer.assumingMemoryBound(to: Float.self) }
            let complex = { (pointer: UnsafeMutableRawPointer) in pointer.assumingMemoryBound(to: fftwf_complex.self) }
            switch kind {
            case .realForward: fftwf_execute_dft_r2c(plan, real(input), complex(output))
            case .realInverse: fftwf_execute_dft_c2r(plan, complex(input), real(output))
            case .complexForward, .complexInverse: fftwf_execute_dft(plan, complex(input), complex(output))
            }
        },
        scale: { values, count, factor in
            let values = values.assumingMemoryBound(to: Float.self)
            for index in 0..<count { values[index] *= Float(factor) }
        },
        destroy: { fftwf_destroy_plan($0) })
}

extension Double: FourierScalar {
    /// FFTW's functions of this precision.
    public static let fourierBackend = FourierBackend(
        plan: { kind, length, input, output in
            let flags = UInt32(FFTW_ESTIMATE)
            let real = { (pointer: UnsafeMutableRawPointer) in pointer.assumingMemoryBound(to: Double.self) }
            let complex = { (pointer: UnsafeMutableRawPointer) in pointer.assumingMemoryBound(to: fftw_complex.self) }
            return switch kind {
            case .realForward: fftw_plan_dft_r2c_1d(length, real(input), complex(output), flags)
            case .realInverse: fftw_plan_dft_c2r_1d(length, complex(input), real(output), flags)
            case .complexForward: fftw_plan_dft_1d(length, complex(input), complex(output), FFTW_FORWARD, flags)
            case .complexInverse: fftw_plan_dft_1d(length, complex(input), complex(output), FFTW_BACKWARD, flags)
            }
        },
        execute: { kind, plan, input, output in
            let real = { (pointer: UnsafeMutableRawPointer) in pointer.assumingMemoryBound(to: Double.self) }
            let complex = { (pointer: UnsafeMutableRawPointer) in pointer.assumingMemoryBound(to: fftw_complex.self) }
            switch kind {
            case .realForward: fftw_execute_dft_r2c(plan, real(input), complex(output))
            case .realInverse: fftw_execute_dft_c2r(plan, complex(input), real(output))
            case .complexForward, .complexInverse: fftw_execute_dft(plan, complex(input), complex(output))
            }
        },
        scale: { values, count, factor in
            let values = values.assumingMemoryBound(to: Double.self)
            for index in 0..<count { values[index] *= factor }
        },
        destroy: { fftw_destroy_plan($0) })
}
