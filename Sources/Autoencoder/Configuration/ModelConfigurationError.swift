/// Why sizes and choices from outside do not describe a model.
public enum ModelConfigurationError: Error, Equatable, Sendable {
    /// A size below its smallest value.
    case size(name: String, value: Int, minimum: Int)
    /// A dropout rate outside 0 ..< 1.
    case rate(name: String, value: Double)
    /// Two values that must agree do not.
    case mismatch(first: String, second: String)
}

extension ModelConfigurationError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .size(let name, let value, let minimum):
            "The model's \(name) is \(value); give at least \(minimum)."
        case .rate(let name, let value):
            "The model's \(name) is \(value); give a rate of at least 0 and below 1."
        case .mismatch(let first, let second):
            "The model has \(first) but \(second); make the two agree."
        }
    }
}

extension ModelConfigurationError {
    static func requireSizes(_ sizes: [(name: String, value: Int)]) throws(ModelConfigurationError) {
        for size in sizes where size.value < 1 { throw .size(name: size.name, value: size.value, minimum: 1) }
    }

    static func requireWidths(_ name: String, _ widths: [Int], count: Int? = nil) throws(ModelConfigurationError) {
        if let count, widths.count != count {
            throw .mismatch(first: "\(count) layers of \(name)", second: "\(widths.count) widths for them")
        }
        guard !widths.isEmpty else { throw .size(name: "number of \(name)", value: 0, minimum: 1) }
        try requireSizes(widths.map { (name, $0) })
    }

    static func requireRate(_ name: String, _ rate: Double) throws(ModelConfigurationError) {
        guard rate >= 0, rate < 1 else { throw .rate(name: name, value: rate) }
    }
}
