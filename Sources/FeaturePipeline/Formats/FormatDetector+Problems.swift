internal import NumericCore

/// Why a shape or a range is not one of codes, with what to do about it.
extension FormatDetector {
    /// Another meaning that a shape of codes may have, when neither TR nor manifest rule it out: (frames, codebooks, TRs),
    /// or the one chunk of a whole recording.
    func otherReading() -> FeatureFormat? {
        let design = RepetitionTime.standard.frameCounts(rate: CodeLayout.frameRate)
        guard repetitionTime == nil, !design.contains(shape[2]) else { return nil }
        let other: String
        switch shape[0] {
        case 1: other = "one chunk of a whole recording, (chunks, codebooks, frames)"
        case let count where design.contains(count): other = "(frames, codebooks, TRs) with the axes swapped"
        default: return nil
        }
        let layout = CodeLayout(codebookCount: shape[1], framesPerTR: shape[2])
        return .ambiguous(
            candidates: [
                facts.elementType.isFloatingPoint ? .encodecPredictions(layout, isFlat: false) : .encodec(layout)
            ], why: "shape \(shape) may also be \(other); give the TR or the manifest")
    }

    /// Why a three-dimensional shape is not (TRs, codebooks, frames).
    func codeShapeProblem() -> String? {
        guard !isCodeShape(shape[1], shape[2]) else { return nil }
        let counts = CodeLayout.codebookCounts
        let order = "expected (TRs, codebooks, frames)"
        if counts.contains(shape[1]), let repetitionTime {
            return "\(shape[2]) frames a TR contradict the given TR of \(repetitionTime), which has "
                + repetitionTime.frameCounts(rate: CodeLayout.frameRate).map(String.init).joined(separator: " or ")
        }
        if counts.contains(shape[1]) {
            return "\(shape[2]) frames a TR would be \(Double(shape[2]) / 75) s, no TR of a scanner; \(order)"
        }
        if shape[1] == 1 {
            return "one codebook a TR is no bandwidth of the codec: usually the batch axis was taken for the codebooks;"
                + " encode again"
        }
        if counts.contains(shape[2]), Self.plausibleFrames.contains(shape[1]) {
            return "the axes of \(shape) look like (TRs, frames, codebooks); swap the last two, \(order)"
        }
        if counts.contains(shape[0]), Self.plausibleFrames.contains(shape[1]) {
            return "the axes of \(shape) look like (codebooks, frames, TRs); \(order), so transpose to (2, 0, 1)"
        }
        return "\(shape[1]) is not a number of codebooks (2, 4, 8, 16 or 32); \(order)"
    }

    /// Why no layout has this many columns.
    func flatWidthProblem() -> String {
        let time = repetitionTime.map { "a TR of \($0)" } ?? "a usual TR"
        let text = "\(shape[1]) columns are not 2, 4, 8, 16 or 32 codebooks times the frames of \(time)"
        guard CodeLayout.codebookCounts.contains(shape[0]) else { return text + "; give the TR or the manifest" }
        return text + "; \(shape[0]) rows may be the codebooks of a whole recording, which decode takes as it is"
    }

    /// Why non-negative floating-point numbers are not predicted codes.
    func predictionProblem(_ maximum: Double, isCodeShape: Bool) -> String? {
        guard isCodeShape else {
            let shapeText = "and shape \(shape) is not one of codes"
            return facts.holdsOnlyCodes
                ? "whole numbers from 0 to \(number(maximum)) look like codes, \(shapeText)"
                : "no value is negative, so this is no mel spectrogram in dB, \(shapeText); a mel power spectrogram must"
                    + " be converted to dB first"
        }
        if let index = facts.outsideCodes.firstIndex, let value = facts.outsideCodes.firstValue {
            return "the shape is one of codes, but " + outsideText(index, value)
        }
        if facts.fractional.count > 0, maximum <= 1 {
            return
                "the values end at \(number(maximum)), like a sigmoid not yet multiplied by 1023; apply the decoder's"
                + " scale first"
        }
        return nil
    }
}
