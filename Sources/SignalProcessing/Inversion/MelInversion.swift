public import NumericCore

/// Linear spectra from mel power: non-negative least squares against the filter bank, as `librosa.feature.inverse`.
///
/// Starts where librosa starts, at the pseudo-inverse's solution with negative values set to 0, and then lowers the
/// residual frame by frame until a sweep gains less than `tolerance`. librosa's own solver usually stops at the start,
/// because its objective is divided by the number of elements; the residual here is never above the start's. A frame's
/// result does not depend on its neighbours, nor on how frames are split into calls.
public struct MelInversion: Sendable {
    /// The filters to invert.
    public let filterBank: MelFilterBank
    private let columns: MelColumns
    private let start: RidgeStart
    private let descent: CoordinateDescent

    /// Factorises the filter bank.
    ///
    /// - Parameters:
    ///   - filterBank: The filters that made the mel power.
    ///   - sweepLimit: Most passes over the bins, at least 0; with 0 the start is the result.
    ///   - tolerance: A frame is done when a pass lowers its squared residual by less than this share.
    /// - Throws: `SignalError.invalidSetting`.
    public init(_ filterBank: MelFilterBank, sweepLimit: Int = 200, tolerance: Double = 1e-4) throws(SignalError) {
        guard sweepLimit >= 0 else {
            throw .invalidSetting(name: "sweepLimit", value: "\(sweepLimit)", requirement: "0 or more")
        }
        guard tolerance >= 0, tolerance < 1 else {
            throw .invalidSetting(name: "tolerance", value: "\(tolerance)", requirement: "0 or more and below 1")
        }
        self.filterBank = filterBank
        columns = MelColumns(filterBank)
        start = RidgeStart(columns)
        descent = CoordinateDescent(columns, sweepLimit: sweepLimit, tolerance: tolerance)
    }

    /// Linear power spectra whose mel power is closest to the one given.
    ///
    /// - Parameter melPower: Frames x filters, finite and at least 0; no frame is allowed.
    /// - Returns: Frames x bins, at least 0.
    /// - Throws: `SignalError.wrongSize`, `.notFinite` or `.negative`.
    public func power(of melPower: Tensor<Float>) throws(SignalError) -> Tensor<Float> {
        guard melPower.rank == 2, melPower.shape[1] == filterBank.melBinCount else {
            throw .wrongSize(
                what: "Mel power", found: "shape \(melPower.shape)",
                requirement: "frames x \(filterBank.melBinCount) are wanted")
        }
        try InputCheck.nonNegative(melPower.elements, "Mel powers")
        let binCount = filterBank.spectrumBinCount
        let frameCount = melPower.shape[0]
        var result = [Float](repeating: 0, count: frameCount * binCount)
        var block = InversionBlock(melBinCount: filterBank.melBinCount, spectrumBinCount: binCount)
        for first in stride(from: 0, to: frameCount, by: FrameLanes.scalarCount) {
            let frames = first..<min(frameCount, first + FrameLanes.scalarCount)
            block.load(melPower.elements, frames)
            block.solve(columns, start, descent)
            block.store(frames, into: &result)
        }
        return Tensor(result, shape: [frameCount, binCount])
    }

    /// Linear magnitudes: square roots of `power(of:)`.
    ///
    /// - Parameter melPower: Frames x filters, finite and at least 0.
    /// - Returns: Frames x bins, at least 0.
    /// - Throws: `SignalError.wrongSize`, `.notFinite` or `.negative`.
    public func magnitudes(of melPower: Tensor<Float>) throws(SignalError) -> Tensor<Float> {
        var result = try power(of: melPower)
        result.withMutableElements { values in
            for index in values.indices { values[index] = values[index].squareRoot() }
        }
        return result
    }
}

/// Up to eight frames in the making, one a lane.
private struct InversionBlock {
    private var target: [FrameLanes]
    private var residual: [FrameLanes]
    private var solution: [FrameLanes]

    init(melBinCount: Int, spectrumBinCount: Int) {
        target = [FrameLanes](repeating: .zero, count: melBinCount)
        residual = target
        solution = [FrameLanes](repeating: .zero, count: spectrumBinCount)
    }

    mutating func load(_ melPower: [Float], _ frames: Range<Int>) {
        let width = target.count
        for filter in 0..<width {
            var lanes = FrameLanes.zero
            for (lane, frame) in frames.enumerated() { lanes[lane] = Double(melPower[frame * width + filter]) }
            target[filter] = lanes
        }
    }

    mutating func solve(_ columns: MelColumns, _ start: RidgeStart, _ descent: CoordinateDescent) {
        var energy = FrameLanes.zero
        for value in target { energy += value * value }
        residual = target
        residual.withUnsafeMutableBufferPointer { residual in
            solution.withUnsafeMutableBufferPointer { solution in
                guard let z = residual.baseAddress, let x = solution.baseAddress else { return }
                start.solve(z)
                for bin in columns.rows.indices {
                    let row = columns.rows[bin]
                    let (a, b) = (columns.firstWeights[bin], columns.secondWeights[bin])
                    let value = b == 0 ? a * z[row] : a * z[row] + b * z[row + 1]
                    x[bin] = pointwiseMax(value, .zero)
                }
                for row in 0..<columns.melBinCount { z[row] = target[row] }
                for bin in columns.rows.indices {
                    let row = columns.rows[bin]
                    z[row] -= columns.firstWeights[bin] * x[bin]
                    if columns.secondWeights[bin] != 0 { z[row + 1] -= columns.secondWeights[bin] * x[bin] }
                }
                descent.improve(x, residual: z, targetEnergy: energy)
            }
        }
    }

    func store(_ frames: Range<Int>, into result: inout [Float]) {
        let width = solution.count
        for bin in 0..<width {
            for (lane, frame) in frames.enumerated() { result[frame * width + bin] = Float(solution[bin][lane]) }
        }
    }
}
