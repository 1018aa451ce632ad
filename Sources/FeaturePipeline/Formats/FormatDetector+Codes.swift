internal import NumericCore

/// Codes and predicted codes.
extension FormatDetector {
    /// Frames per TR that a TR between about 0.1 s and 10 s has.
    static let plausibleFrames = 8...750

    /// TRs that scanners are commonly run at, other than the design's 1.5 s, in milliseconds.
    static let usualTRs = [500, 600, 720, 735, 750, 800, 1000, 1200, 1250, 2000, 2200, 2400, 2500, 2600, 3000]
        .compactMap { RepetitionTime($0, over: 1000) }

    func isCodeShape(_ codebookCount: Int, _ frameCount: Int) -> Bool {
        CodeLayout.codebookCounts.contains(codebookCount) && framesFit(frameCount)
    }

    private func framesFit(_ frameCount: Int) -> Bool {
        guard let repetitionTime else { return Self.plausibleFrames.contains(frameCount) }
        return repetitionTime.frameCounts(rate: CodeLayout.frameRate).contains(frameCount)
    }

    /// Layouts that the shape allows, padding not looked at.
    func codeCandidates(of shape: [Int]) -> [CodeLayout] {
        if shape.count == 2 { return flatLayouts() }
        return isCodeShape(shape[1], shape[2]) ? [CodeLayout(codebookCount: shape[1], framesPerTR: shape[2])] : []
    }

    /// Ways to cut a row into codebooks: the known TR's, else the design's, else those of the usual TRs.
    func flatLayouts() -> [CodeLayout] {
        let times: [[RepetitionTime]] =
            if let repetitionTime { [[repetitionTime]] } else { [[.standard], Self.usualTRs] }
        for group in times {
            let frames = Set(group.flatMap { $0.frameCounts(rate: CodeLayout.frameRate) }).sorted()
            let layouts = CodeLayout.codebookCounts.flatMap { codebooks in
                frames.filter { $0 * codebooks == shape[1] }
                    .map { CodeLayout(codebookCount: codebooks, framesPerTR: $0) }
            }
            if !layouts.isEmpty { return layouts }
        }
        return []
    }

    mutating func codes3D() -> FeatureFormat {
        if let problem = codeShapeProblem() { return .unknown(why: problem) }
        if let other = otherReading() { return other }
        let layout = described(codebookCount: shape[1], framesPerTR: shape[2])
        return withDecidedPadding(layout) { .encodec($0) }
    }

    mutating func codes2D() -> FeatureFormat { flat(asPredictions: false) }

    mutating func predictions3D(_ maximum: Double) -> FeatureFormat {
        if let problem = predictionProblem(maximum, isCodeShape: isCodeShape(shape[1], shape[2])) {
            return .unknown(why: problem)
        }
        if let other = otherReading() { return other }
        addPredictionConcern()
        let layout = described(codebookCount: shape[1], framesPerTR: shape[2])
        return withDecidedPadding(layout) { .encodecPredictions($0, isFlat: false) }
    }

    mutating func predictions2D(_ maximum: Double) -> FeatureFormat {
        if let problem = predictionProblem(maximum, isCodeShape: !flatLayouts().isEmpty) {
            return .unknown(why: problem)
        }
        return flat(asPredictions: true)
    }

    private mutating func flat(asPredictions: Bool) -> FeatureFormat {
        let layouts = flatLayouts()
        let make: (CodeLayout) -> FeatureFormat = {
            asPredictions ? .encodecPredictions($0, isFlat: true) : .encodecFlat($0)
        }
        guard let first = layouts.first else { return .unknown(why: flatWidthProblem()) }
        guard layouts.count == 1 else {
            return .ambiguous(
                candidates: layouts.map(make),
                why: "\(shape[1]) columns can be cut in \(layouts.count) ways; give the TR or the manifest")
        }
        if asPredictions { addPredictionConcern() }
        let isDesignTR = RepetitionTime.standard.frameCounts(rate: CodeLayout.frameRate).contains(first.framesPerTR)
        if repetitionTime == nil, !isDesignTR, CodeLayout.codebookCounts.contains(shape[0]) {
            return .ambiguous(
                candidates: [make(first)],
                why: "\(shape[0]) rows may also be the codebooks of a whole recording of \(shape[1]) frames; give the"
                    + " TR or the manifest, or use decode if they are")
        }
        let layout = described(codebookCount: first.codebookCount, framesPerTR: first.framesPerTR)
        return withDecidedPadding(layout, make)
    }

    /// Finds zero-padded codebooks.
    private mutating func withDecidedPadding(
        _ layout: CodeLayout, _ make: (CodeLayout) -> FeatureFormat
    ) -> FeatureFormat {
        let (stored, frames) = (layout.codebookCount, layout.framesPerTR)
        let summary = CodebookSummary(array, codebookCount: stored, framesPerTR: frames)
        let used = stored - summary.trailingZeroCount
        // Padding completes a bandwidth's codebooks to a larger count: what is cut off leaves a bandwidth.
        let real = CodeLayout.codebookCounts.first { $0 >= used } ?? stored
        for (codebook, value) in summary.constants.prefix(real).enumerated() {
            guard let value else { continue }
            concerns.append(
                "codebook \(codebook + 1) of \(stored) is \(number(value)) everywhere: silence, or a codebook that was"
                    + " never filled; listen to the source")
        }
        guard real < stored else {
            evidence.append(
                used == stored
                    ? "the last codebook is not 0 everywhere, so all \(stored) are real\(bandwidthText(stored))"
                    : "\(used) of \(stored) codebooks are used, which no bandwidth has; all are taken as real")
            return make(layout)
        }
        evidence.append(
            "codebooks \(real + 1) to \(stored) are 0 everywhere: padding, since 0 is a code like any other;"
                + " \(real) are real\(bandwidthText(real))")
        concerns.append("decode only the first \(real) codebooks: the padding would add a constant sound")
        return make(CodeLayout(codebookCount: stored, framesPerTR: frames, zeroPaddedCodebooks: stored - real))
    }

    private mutating func described(codebookCount: Int, framesPerTR: Int) -> CodeLayout {
        evidence.append("\(codebookCount) codebooks stored; \(framesPerTR) frames a TR \(timeText(framesPerTR))")
        return CodeLayout(codebookCount: codebookCount, framesPerTR: framesPerTR)
    }

    private func bandwidthText(_ codebookCount: Int) -> String {
        CodeLayout.bandwidthKbps(codebookCount: codebookCount).map { " (\(number($0)) kbps)" } ?? ""
    }

    private func timeText(_ frames: Int) -> String {
        if let repetitionTime { return "fit the given TR of \(repetitionTime)" }
        let isDesign = RepetitionTime.standard.frameCounts(rate: CodeLayout.frameRate).contains(frames)
        return isDesign ? "fit a TR of 3/2 s (112.5)" : "are \(Double(frames) / 75) s at 75 Hz"
    }

    private mutating func addPredictionConcern() {
        concerns.append(
            facts.fractional.count == 0
                ? "whole numbers stored as \(typeName): convert them to int32 before decoding"
                : "\(facts.fractional.count) of \(facts.count) values are not whole: round, then clamp to 0...1023 as"
                    + " integers, before decoding")
    }
}
