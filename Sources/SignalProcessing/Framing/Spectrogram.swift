/// Complex spectra of successive frames.
public struct Spectrogram: Sendable, Equatable {
    /// Frames.
    public let frameCount: Int
    /// Bins a frame.
    public let binCount: Int
    /// Frame after frame, in each bin after bin, real part then imaginary part.
    public let values: [Float]

    /// Wraps values.
    ///
    /// - Parameters:
    ///   - values: 2 x `binCount` numbers a frame.
    ///   - binCount: At least 1.
    /// - Throws: `SignalError.wrongSize` when the values are not whole frames.
    public init(_ values: [Float], binCount: Int) throws(SignalError) {
        guard binCount >= 1, values.count.isMultiple(of: 2 * binCount) else {
            throw .wrongSize(
                what: "Spectrum values", found: "\(values.count)",
                requirement: "whole frames of 2 x \(binCount) are wanted")
        }
        self.init(checked: values, binCount: binCount)
    }

    init(checked values: [Float], binCount: Int) {
        self.values = values
        self.binCount = binCount
        frameCount = values.count / (2 * binCount)
    }
}
