public import NumericCore

/// A batch of audio features.
public enum AudioInput: Sendable {
    /// Shape (batch, codebooks, frames).
    case codes(Tensor<Int32>)
    /// Shape (batch, bins, frames).
    case mel(Tensor<Float>)

    /// Samples.
    public var batchCount: Int {
        switch self {
        case .codes(let codes): codes.shape.first ?? 0
        case .mel(let mel): mel.shape.first ?? 0
        }
    }

    /// Numbers as the linear design reads them: flat, codes as they are.
    var flattened: Tensor<Float> {
        switch self {
        case .codes(let codes):
            Tensor(codes.elements.map { Float($0) }, shape: [codes.shape[0], codes.shape[1] * codes.shape[2]])
        case .mel(let mel): mel.reshaped(to: [mel.shape[0], mel.shape[1] * mel.shape[2]])
        }
    }

    /// Checks features from outside against what a model was built for.
    ///
    /// - Parameter format: The model's.
    /// - Throws: `ModelInputError`.
    public func check(_ format: AudioFormat) throws(ModelInputError) {
        switch (self, format) {
        case (.codes(let codes), .codes(let codebooks, let frames, let vocabulary)):
            try ModelInputError.requireShape(codes.shape, [codebooks, frames], of: "codes")
            for (index, code) in codes.elements.enumerated() where code < 0 || Int(code) >= vocabulary {
                throw .code(value: code, index: index, vocabularySize: vocabulary)
            }
        case (.mel(let mel), .mel(let bins, let frames)):
            try ModelInputError.requireShape(mel.shape, [bins, frames], of: "mel features")
            try ModelInputError.requireFinite(mel.elements, of: "mel features")
        case (.codes, .mel): throw .kind(expected: "mel features", found: "codes")
        case (.mel, .codes): throw .kind(expected: "codes", found: "mel features")
        }
    }
}

/// Why features do not fit a model.
public enum ModelInputError: Error, Equatable, Sendable {
    /// Another kind of features.
    case kind(expected: String, found: String)
    /// Another shape; the batch axis comes first and is free.
    case shape(what: String, expected: [Int], found: [Int])
    /// A code outside the vocabulary; the index is in row-major order.
    case code(value: Int32, index: Int, vocabularySize: Int)
    /// NaN or infinity; the index is in row-major order.
    case notFinite(what: String, index: Int)

    static func requireShape(_ found: [Int], _ sample: [Int], of what: String) throws(ModelInputError) {
        guard found.count == sample.count + 1, found[0] > 0, Array(found.dropFirst()) == sample else {
            throw .shape(what: what, expected: sample, found: found)
        }
    }

    static func requireFinite(_ values: [Float], of what: String) throws(ModelInputError) {
        if let index = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(what: what, index: index) }
    }
}

extension ModelInputError: CustomStringConvertible {
    /// One sentence with the values and the remedy.
    public var description: String {
        switch self {
        case .kind(let expected, let found):
            "The model reads \(expected) but got \(found); give features of the format it was trained on."
        case .shape(let what, let expected, let found):
            "The model reads \(what) of the shape (batch, \(expected.map { "\($0)" }.joined(separator: ", "))) but got"
                + " \(found); give features of the grid and bandwidth it was trained on."
        case .code(let value, let index, let vocabularySize):
            "Code \(value) at element \(index) is not within 0 ..< \(vocabularySize); give codes of one codec."
        case .notFinite(let what, let index):
            "The \(what) are not finite at element \(index); make the features again."
        }
    }
}
