import Glibc

/// A window by name and by kind: the two Hann windows differ in where the second zero lies.
public enum Window: String, Sendable, CaseIterable {
    /// sin^2(pi n / N): the zero at n = N is left out, so that shifted windows add up to a constant. For spectra.
    case periodicHann
    /// sin^2(pi n / (N - 1)): both ends are 0. For filter design.
    case symmetricHann

    /// The window's values.
    ///
    /// - Parameter count: N; 0 gives none and 1 gives a single 1, as in SciPy.
    /// - Returns: `count` numbers within 0 ... 1.
    public func samples(count: Int) -> [Double] {
        precondition(count >= 0, "a window of \(count) samples")
        if count < 2 { return [Double](repeating: 1, count: count) }
        let period = Double(self == .periodicHann ? count : count - 1)
        return (0..<count).map { index in
            let sine = sin(Double.pi * Double(index) / period)
            return sine * sine
        }
    }
}
