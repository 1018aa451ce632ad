public import Testing

/// What an error bound is measured against.
public enum ErrorScale: Sendable {
    /// The bound is the error itself.
    case absolute
    /// The bound is a fraction of the largest expected magnitude.
    case peak
    /// The bound is a fraction of each expected magnitude; a zero must then be met exactly.
    case elementwise
}

/// Records an issue unless every element is within its bound; NaN never is.
///
/// Counts are compared first, then that both sides are finite, then `error <= bound` for every element. The message
/// gives the worst element's index, both values, its error and its bound, and how many elements fail.
///
/// - Parameters:
///   - actual: What the code under test gave.
///   - expected: What the oracle gave.
///   - bound: Largest error allowed, at least 0, in units of `scale`.
///   - scale: What the bound is measured against.
///   - label: What is compared, put in front of the message.
///   - sourceLocation: Where the expectation stands.
/// - Returns: The largest error in units of `scale`; NaN when the sides could not be compared.
@discardableResult
public func expectClose<Scalar: BinaryFloatingPoint>(
    _ actual: [Scalar], _ expected: [Scalar], bound: Double, relativeTo scale: ErrorScale, _ label: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) -> Double {
    let prefix = label.isEmpty ? "" : "\(label): "
    func fail(_ text: String) { Issue.record("\(prefix)\(text)", sourceLocation: sourceLocation) }
    guard bound >= 0, actual.count == expected.count else {
        fail("\(actual.count) elements, not \(expected.count) (bound \(bound))")
        return .nan
    }
    for (name, side) in [("actual", actual), ("expected", expected)] {
        if let index = side.firstIndex(where: { !$0.isFinite }) {
            fail("\(name)[\(index)] is \(side[index])")
            return .nan
        }
    }
    let peak = expected.reduce(0) { max($0, Double($1.magnitude)) }
    var worst = (index: 0, excess: -Double.infinity, error: 0.0, limit: 0.0)
    var largest = 0.0
    var failureCount = 0
    for index in actual.indices {
        let error = (Double(actual[index]) - Double(expected[index])).magnitude
        let unit = unit(of: scale, peak: peak, expected: Double(expected[index]))
        largest = max(largest, error == 0 ? 0 : error / unit)
        if !(error <= bound * unit) { failureCount += 1 }
        if error - bound * unit > worst.excess { worst = (index, error - bound * unit, error, bound * unit) }
    }
    if failureCount > 0 {
        fail(
            "[\(worst.index)] is \(actual[worst.index]), not \(expected[worst.index]): error \(worst.error) exceeds"
                + " \(worst.limit); \(failureCount) of \(actual.count) elements fail")
    }
    return largest
}

private func unit(of scale: ErrorScale, peak: Double, expected: Double) -> Double {
    switch scale {
    case .absolute: 1
    case .peak: peak
    case .elementwise: expected.magnitude
    }
}

/// Records an issue unless both sequences are equal, naming the first difference.
///
/// - Parameters:
///   - actual: What the code under test gave.
///   - expected: What the oracle gave.
///   - label: What is compared, put in front of the message.
///   - sourceLocation: Where the expectation stands.
public func expectEqual<Element: Equatable>(
    _ actual: [Element], _ expected: [Element], _ label: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let prefix = label.isEmpty ? "" : "\(label): "
    guard actual.count == expected.count else {
        Issue.record("\(prefix)\(actual.count) elements, not \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    let differences = actual.indices.filter { actual[$0] != expected[$0] }
    guard let first = differences.first else { return }
    Issue.record(
        "\(prefix)[\(first)] is \(actual[first]), not \(expected[first]); \(differences.count) of \(actual.count) differ",
        sourceLocation: sourceLocation)
}
