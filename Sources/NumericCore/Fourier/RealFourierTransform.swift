/// The discrete Fourier transform of real rows, of any length, by FFTW.
///
/// Forward: X[k] = sum over n of x[n] exp(-2 pi i k n / N) for k = 0 ... N/2, not scaled. Inverse: divided by N, so that it
/// undoes the forward one. Spectra are flat: real and imaginary part of bin 0, of bin 1, and so on. These are the
/// conventions of `numpy.fft.rfft` and `irfft`. A plan is made once and may be used by several tasks at once.
public final class RealFourierTransform<Scalar: FourierScalar>: Sendable {
    /// N: samples a row.
    public let length: Int
    /// Bins a row: N/2 + 1, rounded down.
    public var binCount: Int { length / 2 + 1 }

    private let forwardPlan: FourierPlan<Scalar>
    private let inversePlan: FourierPlan<Scalar>

    /// Plans both directions.
    ///
    /// - Parameter length: N, at least 1.
    public init(length: Int) {
        self.length = length
        forwardPlan = FourierPlan(.realForward, length: length)
        inversePlan = FourierPlan(.realInverse, length: length)
    }

    /// Transforms rows that follow each other.
    ///
    /// - Parameters:
    ///   - signal: Any number of rows of `length` samples, none included.
    ///   - spectrum: Receives as many rows of 2 `binCount` scalars.
    public func forward(_ signal: Span<Scalar>, into spectrum: inout MutableSpan<Scalar>) {
        forwardPlan.execute(signal, into: &spectrum, scale: 1)
    }

    /// Transforms spectra back; the imaginary parts of bin 0, and of bin N/2 when N is even, are taken as 0.
    ///
    /// - Parameters:
    ///   - spectrum: Any number of rows of 2 `binCount` scalars.
    ///   - signal: Receives as many rows of `length` samples.
    public func inverse(_ spectrum: Span<Scalar>, into signal: inout MutableSpan<Scalar>) {
        inversePlan.execute(spectrum, into: &signal, scale: 1 / Double(length))
    }

    /// Transforms one row in place of a copy: for loops over many rows whose buffers are reused.
    ///
    /// - Parameters:
    ///   - signal: `length` samples, aligned to 64 bytes; left as they are.
    ///   - spectrum: Receives 2 `binCount` scalars; aligned to 64 bytes, apart from the signal.
    package func forwardAligned(
        _ signal: UnsafeMutablePointer<Scalar>, into spectrum: UnsafeMutablePointer<Scalar>
    ) {
        forwardPlan.executeAligned(signal, into: spectrum)
    }

    /// Transforms one spectrum back without the division by N.
    ///
    /// - Parameters:
    ///   - spectrum: 2 `binCount` scalars, aligned to 64 bytes; destroyed.
    ///   - signal: Receives `length` samples, N times those of `inverse`; aligned to 64 bytes, apart from the spectrum.
    package func unscaledInverseAligned(
        _ spectrum: UnsafeMutablePointer<Scalar>, into signal: UnsafeMutablePointer<Scalar>
    ) {
        inversePlan.executeAligned(spectrum, into: signal)
    }

    /// Transforms rows that follow each other.
    ///
    /// - Parameter signal: Any number of rows of `length` samples.
    /// - Returns: As many rows of 2 `binCount` scalars.
    public func forward(_ signal: [Scalar]) -> [Scalar] {
        precondition(signal.count.isMultiple(of: length), "\(signal.count) samples are not rows of \(length)")
        var spectrum = [Scalar](repeating: 0, count: signal.count / length * 2 * binCount)
        var span = spectrum.mutableSpan
        forward(signal.span, into: &span)
        return spectrum
    }

    /// Transforms spectra back.
    ///
    /// - Parameter spectrum: Any number of rows of 2 `binCount` scalars.
    /// - Returns: As many rows of `length` samples.
    public func inverse(_ spectrum: [Scalar]) -> [Scalar] {
        precondition(
            spectrum.count.isMultiple(of: 2 * binCount), "\(spectrum.count) scalars are not rows of \(binCount) bins")
        var signal = [Scalar](repeating: 0, count: spectrum.count / (2 * binCount) * length)
        var span = signal.mutableSpan
        inverse(spectrum.span, into: &span)
        return signal
    }
}
