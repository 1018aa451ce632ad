public import NumericCore

/// Arrays made by formula, each with the answer that every detector must give.
///
/// The table is the specification of format detection: the library's tests and the verification both run it.
public enum FormatDetectionTable {
    /// What the detector by content must answer.
    public enum Expectation: Sendable, Hashable {
        /// Exactly this format.
        case format(FeatureFormat)
        /// `.ambiguous` between exactly these, in any order, with a reason that contains the text.
        case ambiguous([FeatureFormat], mentioning: String)
        /// `.unknown` with a reason that contains the text.
        case unknown(mentioning: String)

        /// Whether an answer is the expected one.
        ///
        /// - Parameter answer: What a detector gave.
        /// - Returns: true only for the same format, or the same candidates or kind with a reason that says the text.
        public func isMet(by answer: FeatureFormat) -> Bool {
            switch (self, answer) {
            case (.format(let expected), _): answer == expected
            case (.ambiguous(let expected, let text), .ambiguous(let candidates, let why)):
                Set(candidates) == Set(expected) && candidates.count == expected.count && why.contains(text)
            case (.unknown(let text), .unknown(let why)): why.contains(text)
            case (.ambiguous, _), (.unknown, _): false
            }
        }
    }

    /// One array and its answers.
    public struct Row: Sendable, CustomStringConvertible {
        /// What the array is, unique in the table.
        public let name: String
        /// The TR the detector by content is told, or nil.
        public let repetitionTime: RepetitionTime?
        /// What the detector by content must answer.
        public let expected: Expectation
        /// What the design document's rule answers.
        public let compat: CompatFormat
        /// The `id` of what the Python system does.
        public let head: String
        private let make: @Sendable () -> NumericArray

        init(
            _ name: String, tr repetitionTime: RepetitionTime? = nil, _ expected: Expectation, compat: CompatFormat,
            head: String, _ make: @escaping @Sendable () -> NumericArray
        ) {
            self.name = name
            self.repetitionTime = repetitionTime
            self.expected = expected
            self.compat = compat
            self.head = head
            self.make = make
        }

        /// The row's name.
        public var description: String { name }

        /// Makes the array; equal every time.
        ///
        /// - Returns: At most a few megabytes.
        public func array() -> NumericArray { make() }

        /// Runs all three detectors on the array.
        ///
        /// - Returns: Their answers beside the expected ones.
        public func run() -> Outcome {
            let array = make()
            return Outcome(
                row: self, detection: FeatureFormat.detect(array, repetitionTime: repetitionTime),
                compat: FeatureFormat.detectCompat(array), head: FeatureFormat.detectHead(array).id)
        }
    }

    /// What the detectors answered for a row.
    public struct Outcome: Sendable {
        /// The row.
        public let row: Row
        /// The answer by content.
        public let detection: FormatDetection
        /// The answer of the design document's rule.
        public let compat: CompatFormat
        /// The `id` of what the Python system does.
        public let head: String

        /// Whether all three answers are the expected ones.
        public var isExpected: Bool {
            row.expected.isMet(by: detection.format) && compat == row.compat && head == row.head
        }

        /// Whether the design document's rule names the right family where a family is decided; an array that is no
        /// feature array at all it must refuse.
        public var compatIsRight: Bool {
            switch detection.format {
            case .encodec: compat == .encodec
            case .mel3D: compat == .mel3D
            case .mel2D: compat == .mel2D
            case .encodecFlat, .encodecPredictions, .melFlat: false
            case .ambiguous, .unknown: compat == .error
            }
        }
    }

    /// Every row, codes first.
    public static var rows: [Row] { codeRows + predictionRows + melRows + refusedRows }
}

extension NumericArray {
    /// An array in memory as a file would hold it.
    ///
    /// - Parameters:
    ///   - tensor: The elements.
    ///   - origin: What errors call it.
    package init<Element: ArrayElement>(_ tensor: Tensor<Element>, origin: String) {
        let bytes = tensor.elements.withUnsafeBytes { [UInt8]($0) }
        self.init(bytes, shape: tensor.shape, elementType: Element.arrayElementType, origin: origin)
    }
}
