public import Foundation
public import NumericCore
public import Testing

/// A folder of `GoldenData/models`: what PyTorch computed.
public struct ModelGolden: Sendable {
    /// A module alone.
    public struct Layer: Decodable, Sendable, CustomTestStringConvertible {
        /// Prefix of its arrays.
        public let key: String
        /// The input's extents in PyTorch's order.
        public let shape: [Int]
        /// `train` or `eval`.
        public let mode: String
        /// The key, in test reports.
        public var testDescription: String { key }
    }

    /// The settings of an optimiser.
    public struct Optimiser: Decodable, Sendable, CustomTestStringConvertible {
        /// Prefix of its arrays.
        public let key: String
        /// `coupled` or `decoupled`.
        public let decay: String
        /// Weight decay.
        public let weightDecay: Double
        /// Memory of the first moment.
        public let beta1: Double
        /// Memory of the second moment.
        public let beta2: Double
        /// Added to the root.
        public let epsilon: Double
        /// Rate of every step.
        public let learningRate: Double
        /// The key, in test reports.
        public var testDescription: String { key }
    }

    /// A trace of the learning rate.
    public struct Schedule: Decodable, Sendable {
        /// `full` or `early`.
        public let hinge: String
        /// The full rate.
        public let rate: Double
        /// The first rate.
        public let start: Double
        /// The last rate.
        public let minimum: Double
        /// Steps of the warm-up.
        public let warm: Int
        /// Steps of the run.
        public let total: Int
        /// Numbers of steps taken.
        public let steps: [Int]
        /// The rate after each of them.
        public let rates: [Double]
    }

    private struct Manifest: Decodable {
        let cases: [Layer]?
        let optimisers: [Optimiser]?
        let schedules: [Schedule]?
        let unstepped: [String]?
    }

    /// Modules of the case.
    public let layers: [Layer]
    /// Optimisers of the case.
    public let optimisers: [Optimiser]
    /// Traces of the case.
    public let schedules: [Schedule]
    /// Parameters whose exact gradient is 0, so that one step moves them by rounding noise only.
    public let unstepped: [String]
    /// The largest error of a forward pass, relative to the peak.
    public let forwardBound = 1e-5
    /// The largest error of a gradient, relative to the peak.
    public let gradientBound = 1e-4
    /// The largest error of an optimiser's step, relative to the peak.
    public let stepBound = 1e-5
    /// Its folder.
    public let folder: URL
    private let file: NpzFile

    /// Opens a case.
    ///
    /// - Parameter name: A folder of `GoldenData/models`.
    /// - Throws: When it is missing or not understood; the tests that need it then fail.
    public init(_ name: String) throws {
        folder = Repository.golden("models/" + name)
        let data = try Data(contentsOf: folder.appendingPathComponent("manifest.json"))
        let manifest = try JSONDecoder().decode(Manifest.self, from: data)
        layers = manifest.cases ?? []
        optimisers = manifest.optimisers ?? []
        schedules = manifest.schedules ?? []
        unstepped = manifest.unstepped ?? []
        file = try NpzFile(path: folder.appendingPathComponent("arrays.npz").path)
    }

    /// The modules whose key starts with a prefix.
    ///
    /// - Parameter prefix: Such as `conv_`.
    /// - Returns: At least one.
    /// - Throws: When there is none.
    public static func layers(_ prefix: String) throws -> [Layer] {
        let found = try ModelGolden("layers").layers.filter { $0.key.hasPrefix(prefix) }
        try #require(!found.isEmpty, "no golden layer \(prefix)")
        return found
    }

    /// Names of the arrays that start with a prefix, without it.
    ///
    /// - Parameter prefix: Such as `linear.state.`.
    /// - Returns: The rest of every such name.
    public func names(after prefix: String) -> [String] {
        file.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    /// Floats.
    ///
    /// - Parameter name: An array.
    /// - Returns: Its values.
    /// - Throws: When it is missing.
    public func floats(_ name: String) throws -> Tensor<Float> { try file.array(name).float32() }

    /// Integers.
    ///
    /// - Parameter name: An array.
    /// - Returns: Its values.
    /// - Throws: When it is missing.
    public func integers(_ name: String) throws -> Tensor<Int32> { try file.array(name).int32() }
}
