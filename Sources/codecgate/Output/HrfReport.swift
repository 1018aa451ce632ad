import FeaturePipeline

/// What `codecgate hrf` did: every choice in force and what came of it.
struct HrfReport: Encodable {
    let codes: String?
    let crop: String
    let gain: Double
    let input: String
    let kernel: String
    let output: String
    private(set) var peakShiftSeconds: Double
    private(set) var peakShiftTrs: Int
    private(set) var shape: [Int] = []
    let sourceShape: [Int]
    let sourceType: String
    let tapCount: Int
    let tr: String
    private(set) var type = "float32"
    var codec: String?
    var damage: IndexConvolution.Damage?
    var values: ValueRange?
    var weightsSha256: String?
    private let seconds: Double

    private enum CodingKeys: String, CodingKey {
        case codes, crop, gain, input, kernel, output, peakShiftSeconds, peakShiftTrs, shape, sourceShape, sourceType
        case tapCount, tr, type, codec, damage, values, weightsSha256
    }

    init(
        _ convolution: TRConvolution, input: String, output: String, source: AlignmentFile.Description, codes: String?
    ) {
        let response = convolution.response
        (self.codes, self.input, self.output) = (codes, input, output)
        (crop, kernel, gain) = (convolution.crop.rawValue, response.kernel.rawValue, response.gain)
        (sourceShape, sourceType, tapCount) = (source.shape, source.elementType, response.taps.count)
        tr = "\(response.repetitionTime)"
        seconds = response.repetitionTime.seconds
        peakShiftTrs = convolution.peakShift
        peakShiftSeconds = Double(convolution.peakShift) * response.repetitionTime.seconds
    }

    /// Notes what was written.
    mutating func set(shape: [Int], elementType: String = "float32", isConvolved: Bool = true) {
        (self.shape, type) = (shape, elementType)
        if !isConvolved { (peakShiftTrs, peakShiftSeconds) = (0, 0) }
    }

    /// Prints as the options say, with a warning for responses that come too early.
    func print(_ options: RunOptions) throws {
        if peakShiftTrs < 0 {
            StandardStreams.error(
                "Warning: with --crop \(crop) the response peaks \(-peakShiftTrs) TRs "
                    + "(\(Text.fixed(-peakShiftSeconds, 1)) s) before its stimulus; --crop causal puts it after.\n")
        }
        if options.json { return try StandardStreams.json(self) }
        if !options.quiet { try StandardStreams.output(text) }
    }

    private var text: String {
        var lines = ["\(output): \(shape) \(type) from \(sourceShape) \(sourceType)"]
        if codes == "skip" {
            lines.append("codes left as they are")
        } else {
            lines.append(
                "kernel \(kernel), \(tapCount) taps at \(tr), gain \(Text.fixed(gain, 3)); crop \(crop): peak "
                    + "\(peakShiftTrs) TRs (\(Text.fixed(peakShiftSeconds, 1)) s) after an event")
        }
        if let values, let low = values.minimum, let high = values.maximum {
            let outside = 100 * Double(values.outsideUnitCount) / Double(values.count)
            lines.append("values \(low) to \(high), \(Text.fixed(outside, 2)) % outside 0 to 1")
        }
        if let values, values.nonFiniteCount > 0 { lines.append("\(values.nonFiniteCount) values are not finite") }
        if let damage, damage.count > 0 {
            func percent(_ share: Double?) -> String { Text.fixed(100 * (share ?? 0), 2) + " %" }
            lines.append(
                "of \(damage.count) codes \(percent(damage.unchangedFraction)) are unchanged, "
                    + "\(percent(damage.clippedHighFraction)) clipped to 1023, "
                    + "\(percent(damage.clippedLowFraction)) clipped to 0")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
