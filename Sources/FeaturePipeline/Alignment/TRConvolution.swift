public import NumericCore

/// Convolution of features with a haemodynamic response along their first axis, the TRs.
///
/// Every other position is a time series of its own. Sums are float32 with taps rounded to float32, added in the order
/// of the taps, so that results are equal to the bit for every number of threads. Rows before the first and after the
/// last count as zero. NaN and infinities follow arithmetic: a NaN in row t makes NaN the rows that the kernel carries
/// row t to (t ... t + taps - 1 for ``Crop/causal``), in that column only.
public struct TRConvolution: Sendable, Hashable {
    /// Which rows of the full convolution are kept.
    public enum Crop: String, Sendable, CaseIterable, Codable {
        /// The first n rows: a response follows its stimulus.
        case causal
        /// n rows from the middle, from row (taps - 1) / 2 on, as SciPy's `same`: responses come half a kernel early.
        case same
        /// All n + taps - 1 rows; no row for no row.
        case full
        /// n rows from row taps / 2 on: what the Python system's `convolve_with_padding` keeps after it added 10 s of
        /// zero rows at both ends, which change nothing. Equal to ``same`` for an odd number of taps.
        case padded
    }

    /// The response.
    public let response: HemodynamicResponse
    /// Which rows are kept.
    public let crop: Crop

    /// A convolution.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - crop: Which rows are kept.
    public init(_ response: HemodynamicResponse, crop: Crop = .causal) {
        self.response = response
        self.crop = crop
    }

    /// By how many TRs the peak of the response to an event comes after it; negative when it comes before.
    public var peakShift: Int { response.peakIndex - skippedCount }

    /// Rows that come out of so many.
    ///
    /// - Parameter rowCount: At least 0.
    /// - Returns: As many, except for ``Crop/full``.
    public func outputCount(forRows rowCount: Int) -> Int {
        crop == .full && rowCount > 0 ? rowCount + response.taps.count - 1 : rowCount
    }

    /// Rows of the full convolution before the first one that is kept.
    var skippedCount: Int {
        switch crop {
        case .causal, .full: 0
        case .same: (response.taps.count - 1) / 2
        case .padded: response.taps.count / 2
        }
    }

    /// The taps as they are used.
    var floatTaps: [Float] { response.taps.map { Float($0) } }

    /// Convolves in place; besides the features themselves, a ring of one row a tap is needed.
    ///
    /// - Parameters:
    ///   - features: (TRs, ...), any rank from 1 on; ``Crop/full`` makes a longer array of them. None stays none.
    ///   - threadCount: Threads that work at the same time, at least 1.
    /// - Throws: ``AlignmentError/wrongShape(what:found:requirement:)`` for a scalar.
    public func convolve(_ features: inout Tensor<Float>, threadCount: Int = 1) throws(AlignmentError) {
        guard let rowCount = features.shape.first else {
            throw .wrongShape(what: "the array", found: [], requirement: "its first axis must be the TRs")
        }
        guard features.count > 0 else { return }
        let outputCount = outputCount(forRows: rowCount)
        let columnCount = features.count / rowCount
        if outputCount > rowCount { extend(&features, to: outputCount) }
        let convolver = RowConvolver(taps: floatTaps, columnCount: columnCount)
        let skipped = min(skippedCount, rowCount)
        features.withMutableElements { elements in
            guard let base = elements.baseAddress else { return }
            convolver.push(base, count: rowCount, skipping: skipped, into: base, threadCount: threadCount)
            // The rows that only the end of the response reaches.
            convolver.push(
                nil, count: skippedCount - skipped + outputCount - (rowCount - skipped),
                skipping: skippedCount - skipped, into: base + (rowCount - skipped) * columnCount,
                threadCount: threadCount)
        }
    }

    private func extend(_ features: inout Tensor<Float>, to rowCount: Int) {
        var shape = features.shape
        shape[0] = rowCount
        var elements = features.elements
        features = Tensor([], shape: [0])
        elements += [Float](repeating: 0, count: shape.reduce(1, *) - elements.count)
        features = Tensor(elements, shape: shape)
    }
}
