import Glibc

/// The discrete Fourier transform by its definition, in Double: the twin the fast ones are tested against.
public enum PlainFourierTransform {
    /// X[k] = sum over n of x[n] exp(-2 pi i k n / N), or its conjugate kernel for the inverse; never scaled.
    ///
    /// The angle is reduced by k n mod N in integers, so that its error does not grow with N.
    ///
    /// - Parameters:
    ///   - row: One row, real and imaginary part in turn.
    ///   - isInverse: Use the positive exponent.
    /// - Returns: As many scalars.
    public static func transform(_ row: [Double], isInverse: Bool = false) -> [Double] {
        precondition(row.count.isMultiple(of: 2), "\(row.count) scalars are not pairs")
        let length = row.count / 2
        let sign: Double = isInverse ? 1 : -1
        var result = [Double](repeating: 0, count: row.count)
        for bin in 0..<length {
            for index in 0..<length {
                let angle = sign * 2 * Double.pi * Double(bin * index % length) / Double(length)
                let (c, s) = (cos(angle), sin(angle))
                result[2 * bin] += row[2 * index] * c - row[2 * index + 1] * s
                result[2 * bin + 1] += row[2 * index] * s + row[2 * index + 1] * c
            }
        }
        return result
    }
}
