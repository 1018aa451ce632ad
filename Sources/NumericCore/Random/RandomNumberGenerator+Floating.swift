import Glibc

/// Floating-point numbers from any generator, by rules that do not change with the standard library.
extension RandomNumberGenerator {
    /// A uniform number in 0 ..< 1: the top 53 bits of one output times 2^-53.
    ///
    /// - Returns: One of 2^53 equally spaced values.
    public mutating func uniformDouble() -> Double { Double(next() &>> 11) * 0x1p-53 }

    /// A uniform number in 0 ..< 1: the top 24 bits of one output times 2^-24.
    ///
    /// - Returns: One of 2^24 equally spaced values.
    public mutating func uniformFloat() -> Float { Float(next() &>> 40) * 0x1p-24 }

    /// A number from the standard normal distribution, by Box and Muller's cosine form.
    ///
    /// Takes two outputs u, v (as `uniformDouble`) and gives sqrt(-2 ln(1 - u)) cos(2 pi v); the sine is not kept, so
    /// that the generator alone is the state. The largest magnitude possible is 8.57.
    ///
    /// - Returns: Mean 0, standard deviation 1.
    public mutating func normalDouble() -> Double {
        let radius = (-2 * log1p(-uniformDouble())).squareRoot()
        return radius * cos(2 * Double.pi * uniformDouble())
    }

    /// `normalDouble()` rounded to `Float`.
    ///
    /// - Returns: Mean 0, standard deviation 1.
    public mutating func normalFloat() -> Float { Float(normalDouble()) }

    /// A tensor of standard normal numbers, filled in row-major order by `normalFloat()`.
    ///
    /// - Parameter shape: Extents, outermost first.
    /// - Returns: A tensor of that shape.
    public mutating func normalTensor(shape: [Int]) -> Tensor<Float> {
        let count = shape.reduce(1, *)
        return Tensor((0..<count).map { _ in normalFloat() }, shape: shape)
    }
}
