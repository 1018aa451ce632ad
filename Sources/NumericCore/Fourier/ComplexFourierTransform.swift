/// The discrete Fourier transform of complex rows, of any length, by FFTW.
///
/// Forward: X[k] = sum over n of x[n] exp(-2 pi i k n / N), not scaled. Inverse: divided by N, so that it undoes the forward
/// one. Rows are flat: real and imaginary part of element 0, of element 1, and so on. These are the conventions of
/// `numpy.fft.fft` and `ifft`. A plan is made once and may be used by several tasks at once.
public final class ComplexFourierTransform<Scalar: FourierScalar>: Sendable {
    /// N: complex elements a row.
    public let length: Int

    private let forwardPlan: FourierPlan<Scalar>
    private let inversePlan: FourierPlan<Scalar>

    /// Plans both directions.
    ///
    /// - Parameter length: N, at least 1.
    public init(length: Int) {
        self.length = length
        forwardPlan = FourierPlan(.complexForward, length: length)
        inversePlan = FourierPlan(.complexInverse, length: length)
    }

    /// Transforms rows that follow each other.
    ///
    /// - Parameters:
    ///   - signal: Any number of rows of 2 `length` scalars, none included.
    ///   - spectrum: Receives as many.
    public func forward(_ signal: Span<Scalar>, into spectrum: inout MutableSpan<Scalar>) {
        forwardPlan.execute(signal, into: &spectrum, scale: 1)
    }

    /// Transforms rows back.
    ///
    /// - Parameters:
    ///   - spectrum: Any number of rows of 2 `length` scalars, none included.
    ///   - signal: Receives as many.
    public func inverse(_ spectrum: Span<Scalar>, into signal: inout MutableSpan<Scalar>) {
        inversePlan.execute(spectrum, into: &signal, scale: 1 / Double(length))
    }

    /// Transforms rows that follow each other.
    ///
    /// - Parameter signal: Any number of rows of 2 `length` scalars.
    /// - Returns: As many.
    public func forward(_ signal: [Scalar]) -> [Scalar] {
        var spectrum = [Scalar](repeating: 0, count: signal.count)
        var span = spectrum.mutableSpan
        forward(signal.span, into: &span)
        return spectrum
    }

    /// Transforms rows back.
    ///
    /// - Parameter spectrum: Any number of rows of 2 `length` scalars.
    /// - Returns: As many.
    public func inverse(_ spectrum: [Scalar]) -> [Scalar] {
        var signal = [Scalar](repeating: 0, count: spectrum.count)
        var span = signal.mutableSpan
        inverse(spectrum.span, into: &span)
        return signal
    }
}
