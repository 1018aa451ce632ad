internal import NumericCore

/// A setting that is not the one asked for.
public struct FieldDifference: Sendable, Hashable, CustomStringConvertible {
    /// The manifest's key.
    public let field: String
    /// What was asked for.
    public let expected: String
    /// What the file has.
    public let found: String

    /// A difference.
    ///
    /// - Parameters:
    ///   - field: The manifest's key.
    ///   - expected: What was asked for.
    ///   - found: What the file has.
    public init(field: String, expected: String, found: String) {
        (self.field, self.expected, self.found) = (field, expected, found)
    }

    /// Such as "tr is 2/1, expected 3/2".
    public var description: String { "\(field) is \(found), expected \(expected)" }
}

extension FeatureRecipe {
    /// A manifest key and its value as text.
    struct Field: Equatable {
        let key: ManifestKey
        let value: String
    }

    /// Every setting that changes what an array holds, in a fixed order; absent ones are "none".
    ///
    /// The version of the program is among them: another version may compute other numbers.
    ///
    /// - Parameter toolVersion: The program's version.
    /// - Returns: One field a key.
    func contentFields(toolVersion: String) -> [Field] {
        [
            Field(.schema, FeatureManifest.schema), Field(.toolVersion, toolVersion),
            Field(.format, format.rawValue), Field(.behaviour, behaviour.rawValue), Field(.grid, grid.rawValue),
            Field(.tr, "\(repetitionTime.numerator)/\(repetitionTime.denominator)"), Field(.maxTRs, maximumTRCount),
            Field(.sampleRate, sampleRate), Field(.hopLength, hopLength), Field(.codec, codec?.identifier),
            Field(.weightsSHA256, codec?.weightsSHA256), Field(.bandwidthKbps, codec?.bandwidthKbps),
            Field(.codebooks, codec?.codebookCount), Field(.melBins, mel?.binCount), Field(.fftLength, mel?.fftLength),
            Field(.hrfKernel, hrf?.kernel.rawValue), Field(.hrfCrop, hrf?.crop.rawValue),
            Field(.hrfCodes, hrf?.codes?.rawValue), Field(.sourceSHA256, source?.sha256),
            Field(.decoderBackend, source?.decoderBackend), Field(.resampler, source?.resampler),
        ]
    }

    /// Where a stored recipe is not the one asked for.
    ///
    /// - Parameters:
    ///   - manifest: What the file says.
    ///   - toolVersion: The version asked for.
    /// - Returns: One difference a field, in the order of the manifest's keys.
    func differences(from manifest: FeatureManifest, toolVersion: String) -> [FieldDifference] {
        let found = manifest.recipe.contentFields(toolVersion: manifest.toolVersion)
        return zip(contentFields(toolVersion: toolVersion), found).filter { $0 != $1 }.map {
            FieldDifference(field: $0.key.rawValue, expected: $0.value, found: $1.value)
        }
    }

    /// SHA-256 of the fields, each as key, length of the value and value, so that no two lists give the same bytes.
    func contentDigest(toolVersion: String) -> String {
        let text = contentFields(toolVersion: toolVersion).map {
            "\($0.key.rawValue)=\($0.value.utf8.count):\($0.value)\n"
        }
        return SHA256.hexadecimal(of: Array(text.joined().utf8))
    }

    /// What a person wants to see in a file name: format, size and TR.
    var readableName: String {
        let size: String
        switch (codec, mel) {
        case (let codec?, _): size = "\(Self.plain(codec.bandwidthKbps))kbps"
        case (nil, let mel?): size = "\(mel.binCount)bands"
        case (nil, nil): size = "unknown"
        }
        return "\(format.rawValue)_\(size)_tr\(timeText)"
    }

    private var timeText: String {
        let (milliseconds, rest) = (repetitionTime.numerator * 1000).quotientAndRemainder(
            dividingBy: repetitionTime.denominator)
        return rest == 0 ? "\(milliseconds)ms" : "\(repetitionTime.numerator)by\(repetitionTime.denominator)s"
    }

    private static func plain(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }
}

extension FeatureRecipe.Field {
    init<Value>(_ key: ManifestKey, _ value: Value?) {
        self.init(key: key, value: value.map { "\($0)" } ?? "none")
    }
}
