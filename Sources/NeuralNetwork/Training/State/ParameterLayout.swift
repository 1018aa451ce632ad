/// Names, shapes and places of everything a model stores, in the order of its state_dict.
///
/// A layout is a description: building one allocates nothing, so a model of any size can be counted.
public struct ParameterLayout: Sendable, Equatable {
    /// What an entry is to training.
    public enum Kind: Sendable, Equatable {
        /// Trained by gradients.
        case parameter
        /// Running mean or variance of a batch normalisation; saved, not trained.
        case statistic
        /// The number of batches a normalisation has seen; an int64 scalar in files.
        case counter
    }

    /// One tensor of the state_dict.
    public struct Entry: Sendable, Equatable {
        /// The key, such as `encoder.layer5.0.weight`.
        public let name: String
        /// Extents in PyTorch's order; empty for a counter.
        public let shape: [Int]
        /// What it is.
        public let kind: Kind
        /// First values.
        public let initializer: Initializer
        /// Position of the first element among all elements of its kind.
        public let offset: Int
        /// Number of elements.
        public var count: Int { shape.reduce(1, *) }
    }

    /// All entries in the order of the state_dict.
    public private(set) var entries: [Entry] = []
    private var counts: [Int] = [0, 0, 0]

    /// An empty layout.
    public init() {}

    /// Trained elements of the whole model.
    public var parameterCount: Int { counts[0] }
    /// Running means and variances.
    public var statisticCount: Int { counts[1] }
    /// Normalisations.
    public var counterCount: Int { counts[2] }

    /// Trained elements under a name.
    ///
    /// - Parameter prefix: A module's name such as `encoder.layer5`; a dot or the end must follow it.
    /// - Returns: 0 when nothing has that name.
    public func parameterCount(under prefix: String) -> Int {
        entries.filter { $0.kind == .parameter && ($0.name == prefix || $0.name.hasPrefix(prefix + ".")) }
            .reduce(0) { $0 + $1.count }
    }

    /// Adds an entry.
    ///
    /// - Parameters:
    ///   - name: The key; must be new.
    ///   - shape: Extents, each at least 1.
    ///   - kind: What it is.
    ///   - initializer: First values.
    /// - Returns: Where its elements will be.
    public mutating func add(
        _ name: String, shape: [Int], kind: Kind = .parameter, initializer: Initializer
    ) -> ParameterSlot {
        precondition(!entries.contains { $0.name == name }, "two parameters are named \(name)")
        precondition(shape.allSatisfy { $0 > 0 }, "\(name) has the shape \(shape)")
        let place =
            switch kind {
            case .parameter: 0
            case .statistic: 1
            case .counter: 2
            }
        let entry = Entry(name: name, shape: shape, kind: kind, initializer: initializer, offset: counts[place])
        counts[place] += entry.count
        entries.append(entry)
        return ParameterSlot(index: entries.count - 1, offset: entry.offset, count: entry.count)
    }
}

/// The place of one entry's elements among all elements of its kind.
public struct ParameterSlot: Sendable, Equatable {
    /// Position in `ParameterLayout.entries`.
    public let index: Int
    let offset: Int
    let count: Int

    var range: Range<Int> { offset..<offset + count }
}
