public import NumericCore

/// Changing the number of TRs of an array.
public struct TRResampling: Sendable, Hashable {
    /// How the new rows are made.
    public enum Method: String, Sendable, CaseIterable, Codable {
        /// The first rows, as they are: the only one that keeps every row at its time.
        case truncate
        /// The row nearest to each point of an even grid from the first row to the last, ties to the even row.
        case nearest
        /// Straight lines between rows at the points of that grid, as NumPy's `interp`; codes are then rounded half to
        /// even and clipped to 0...1023, as the design document does.
        case linear
    }

    /// How the new rows are made.
    public let method: Method
    /// Rows that go in.
    public let sourceCount: Int
    /// Rows that come out.
    public let targetCount: Int

    /// Plans a change of length.
    ///
    /// - Parameters:
    ///   - method: How.
    ///   - sourceCount: Rows there are, at least 0.
    ///   - targetCount: Rows wanted, at least 0; no more than there are for ``Method/truncate``.
    /// - Throws: ``AlignmentError/impossibleLength(method:current:target:remedy:)``.
    public init(_ method: Method, from sourceCount: Int, to targetCount: Int) throws(AlignmentError) {
        func impossible(_ remedy: String) -> AlignmentError {
            .impossibleLength(method: method.rawValue, current: sourceCount, target: targetCount, remedy: remedy)
        }
        guard targetCount >= 0 else { throw impossible("give 0 or more") }
        switch method {
        case .truncate:
            if targetCount > sourceCount { throw impossible("give at most \(sourceCount), or take nearest") }
        case .nearest, .linear:
            if sourceCount == 0, targetCount > 0 { throw impossible("give an array with at least one TR") }
        }
        self.method = method
        self.sourceCount = sourceCount
        self.targetCount = targetCount
    }

    /// Where in the source, counted in rows, each new row is taken from.
    public var positions: [Double] {
        switch method {
        case .truncate: (0..<targetCount).map { Double($0) }
        case .nearest: grid.map { $0.rounded(.toNearestOrEven) }
        case .linear: grid
        }
    }

    /// The largest distance in TRs between a new row's place and the place it was taken from; 0 means no time moved.
    public var largestShift: Double {
        positions.enumerated().reduce(0) { max($0, ($1.element - Double($1.offset)).magnitude) }
    }

    /// Rows of the source that no new row is taken from; rows a line passes are not among them.
    public var skippedRowCount: Int {
        guard method != .linear || targetCount == sourceCount else { return 0 }
        return sourceCount - Set(positions).count
    }

    private var grid: [Double] { evenlySpaced(to: Double(sourceCount - 1), count: targetCount) }

    /// The new rows of features.
    ///
    /// - Parameter features: (`sourceCount`, ...).
    /// - Returns: (`targetCount`, ...); NaN reaches the points of the grid next to its row.
    /// - Throws: ``AlignmentError/wrongShape(what:found:requirement:)``.
    public func apply(to features: Tensor<Float>) throws(AlignmentError) -> Tensor<Float> {
        try rows(of: features, blend: Self.blend)
    }

    /// The new rows of codes.
    ///
    /// - Parameter codes: (`sourceCount`, ...), each 0...1023.
    /// - Returns: (`targetCount`, ...).
    /// - Throws: ``AlignmentError`` for another shape or a code out of range.
    public func apply(to codes: Tensor<Int32>) throws(AlignmentError) -> Tensor<Int32> {
        try IndexConvolution.check(codes)
        return try rows(of: codes) { low, high, fraction in
            let value = Self.blend(Float(low), Float(high), fraction).rounded(.toNearestOrEven)
            return Int32(min(max(value, 0), Float(IndexConvolution.largestCode)))
        }
    }

    private func rows<Element: Sendable>(
        of values: Tensor<Element>, blend: (Element, Element, Double) -> Element
    ) throws(AlignmentError) -> Tensor<Element> {
        guard values.shape.first == sourceCount else {
            throw .wrongShape(what: "the array", found: values.shape, requirement: "\(sourceCount) TRs are expected")
        }
        let elements = values.elements
        let shape = [targetCount] + values.shape.dropFirst()
        let columnCount = shape.dropFirst().reduce(1, *)
        var result: [Element] = []
        result.reserveCapacity(targetCount * columnCount)
        for position in positions {
            let row = Int(position)
            let (start, fraction) = (row * columnCount, position - Double(row))
            guard fraction > 0 else {
                result += elements[start..<start + columnCount]
                continue
            }
            for column in start..<start + columnCount {
                result.append(blend(elements[column], elements[column + columnCount], fraction))
            }
        }
        return Tensor(result, shape: shape)
    }

    /// A point between two rows, in double and by NumPy's rules: from the left, and where that is NaN from the right.
    static func blend(_ low: Float, _ high: Float, _ fraction: Double) -> Float {
        let (low, high) = (Double(low), Double(high))
        let slope = high - low
        let fromLeft = slope * fraction + low
        guard fromLeft.isNaN else { return Float(fromLeft) }
        let fromRight = slope * (fraction - 1) + high
        return Float(fromRight.isNaN && low == high ? low : fromRight)
    }
}
