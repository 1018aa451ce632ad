public import NumericCore

/// What stands beside an array that was made of another array: the step, what it was made of, and what it still is.
///
/// The JSON has exactly the keys of schema ``schema``; an unknown or missing key is an error.
public struct DerivedManifest: Sendable, Equatable {
    /// The schema this version writes and reads.
    public static let schema = "codecgate.derived/1"

    /// What was done.
    public enum Step: Sendable, Equatable {
        /// Convolved with a haemodynamic response.
        case hrf(Response)
        /// Given another number of TRs.
        case resample(TRResampling)
    }

    /// A haemodynamic response and how it was applied.
    public struct Response: Sendable, Equatable {
        /// The response, its crop, and what happened to codes.
        public var hrf: FeatureRecipe.HRF
        /// The time of one row.
        public var repetitionTime: RepetitionTime
        /// The codec whose latents were convolved.
        public var codec: Codec?
        /// Whether convolved latents were made codes again.
        public var isRequantized: Bool

        /// A response.
        ///
        /// - Parameters:
        ///   - convolution: The response and its crop.
        ///   - codes: What happened to codes; nil for floats.
        ///   - codec: The codec, for latents.
        ///   - isRequantized: Whether latents were made codes again.
        public init(
            _ convolution: TRConvolution, codes: FeatureRecipe.HRF.Codes? = nil, codec: Codec? = nil,
            isRequantized: Bool = false
        ) {
            hrf = FeatureRecipe.HRF(
                kernel: convolution.response.kernel.recorded, crop: convolution.crop.recorded, codes: codes)
            repetitionTime = convolution.response.repetitionTime
            (self.codec, self.isRequantized) = (codec, isRequantized)
        }
    }

    /// A codec's identity.
    public struct Codec: Sendable, Equatable {
        /// What the user asked for.
        public var identifier: String
        /// SHA-256 of the weights file, 64 hexadecimal digits in lower case.
        public var weightsSHA256: String

        /// A codec.
        ///
        /// - Parameters:
        ///   - identifier: What the user asked for.
        ///   - weightsSHA256: SHA-256 of the weights file.
        public init(identifier: String, weightsSHA256: String) {
            (self.identifier, self.weightsSHA256) = (identifier, weightsSHA256)
        }
    }

    /// What was done.
    public var step: Step
    /// SHA-256 of the whole file it was done to.
    public var sourceSHA256: String
    /// Whether the numbers are latents of codes, which are no features that become sound or that models take.
    public var holdsLatents: Bool
    /// What the array is as features; nil where the source did not say, or it is none any more.
    public var features: FeatureManifest?
    /// The array's kind of number.
    public var elementType: ArrayElementType
    /// The array's extents, TRs first.
    public var shape: [Int]
    /// SHA-256 of the elements, row-major and little-endian, without any header.
    public var arraySHA256: String
    /// The version of the program that wrote the array.
    public var toolVersion: String

    /// One clause about the step, such as "made by hrf (sampled, causal, codes seed)".
    public var summary: String {
        switch step {
        case .hrf(let response):
            let codes = response.hrf.codes.map { ", codes \($0.rawValue)" } ?? ""
            let again = response.isRequantized ? ", requantized" : ""
            return
                "made by hrf (\(response.hrf.kernel.rawValue), \(response.hrf.crop.rawValue)\(codes)\(again)) from a "
                + "file with SHA-256 \(sourceSHA256.prefix(12))"
        case .resample(let made):
            return
                "made by resample-trs (\(made.method.rawValue), \(made.sourceCount) to \(made.targetCount) TRs) from a "
                + "file with SHA-256 \(sourceSHA256.prefix(12))"
        }
    }

    /// Says whether the parts fit each other.
    ///
    /// - Parameter path: For the error.
    /// - Throws: ``FeatureError/badManifest(path:problem:)`` with the first contradiction.
    public func check(path: String) throws(FeatureError) {
        if let problem { throw .badManifest(path: path, problem: problem) }
        try features?.check(path: path)
    }

    private var problem: String? {
        guard FeatureManifest.isDigest(sourceSHA256), FeatureManifest.isDigest(arraySHA256) else {
            return "source_sha256 or array_sha256 is not 64 hexadecimal digits in lower case"
        }
        guard FeatureManifest.isText(toolVersion) else { return "tool_version is not a text of 1 to 200 characters" }
        guard !shape.isEmpty, shape.allSatisfy({ (0...1 << 30).contains($0) }) else {
            return "shape \(shape) is no shape with TRs"
        }
        if let codec = codec {
            guard FeatureManifest.isText(codec.identifier), FeatureManifest.isDigest(codec.weightsSHA256) else {
                return "codec or weights_sha256 names no codec"
            }
        }
        guard let features else { return nil }
        guard !holdsLatents else { return "holds latents, which cannot be features too" }
        let isSame =
            features.elementType == elementType && features.shape == shape && features.arraySHA256 == arraySHA256
        return isSame ? nil : "features describe another array than dtype, shape and array_sha256"
    }

    var codec: Codec? {
        if case .hrf(let response) = step { response.codec } else { nil }
    }

    var identity: ArrayIdentity { ArrayIdentity(elementType: elementType, shape: shape, sha256: arraySHA256) }
}

extension HemodynamicResponse.Kernel {
    /// The name in manifests.
    var recorded: FeatureRecipe.HRF.Kernel {
        switch self {
        case .sampled: .sampled
        case .nilearn: .nilearn
        }
    }
}

extension TRConvolution.Crop {
    /// The name in manifests.
    var recorded: FeatureRecipe.HRF.Crop {
        switch self {
        case .causal: .causal
        case .same: .same
        case .full: .full
        case .padded: .padded
        }
    }
}
