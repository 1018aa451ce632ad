internal import Autoencoder
internal import EnCodec
internal import FeaturePipeline
internal import NeuralNetwork
internal import Verification

extension ClaimsAudit {
    /// What is claimed about the models' layers and the response.
    var layoutClaims: [Claim] { [embeddings, convolutions, response, reshape] }

    /// The audio encoder as the design document draws it, for this run's codes.
    private func designedEncoder() throws -> ParameterLayout {
        let format = AudioFormat.codes(
            codebookCount: try codebookCount(), frameCount: clock.leastFrameCount,
            vocabularySize: settings.codebookSize)
        var layout = ParameterLayout()
        _ = AudioEncoder(AudioEncoderConfiguration(format: format), in: &layout)
        return layout
    }

    private static let embeddingWidth = AudioEncoderConfiguration().embeddingWidth

    /// Parameters of the layers whose names begin so.
    private func weightCount(_ prefix: String) throws -> Int {
        try designedEncoder().entries.filter { $0.name.hasPrefix(prefix) }.reduce(0) { $0 + $1.count }
    }

    private var embeddings: Claim {
        Claim(
            number: 17, name: "embedding_weights", phase: 3, text: "the embeddings need 524 thousand weights",
            unit: "relative", variant: "weights.relative_difference", direction: .lower,
            advice: "count them in the model's state, not in a drawing"
        ) {
            let count = try weightCount("embeddings.")
            return .init(
                parts: [
                    .init(name: "\(count) weights, off by", value: (Double(count) / 524_000 - 1).magnitude, line: 0.005)
                ], population: count, populationUnit: "weights", detail: "counted in the model with the design's widths"
            )
        }
    }

    private var convolutions: Claim {
        Claim(
            number: 18, name: "convolution_weights", phase: 3, text: "the convolutions need about 10 million weights",
            unit: "relative", variant: "weights.relative_difference", direction: .lower,
            advice: "plan with the counted number; video and voxels are where the weights are"
        ) {
            let count = try weightCount("temporal_conv_")
            return .init(
                parts: [.init(name: "\(count) weights, off by", value: (Double(count) / 1e7 - 1).magnitude, line: 0.2)],
                population: count, populationUnit: "weights", detail: "counted in the model with the design's widths")
        }
    }

    private var response: Claim {
        Claim(
            number: 28, name: "response", phase: 2, text: "features are aligned by Glover's haemodynamic response",
            unit: "TRs", variant: "hrf.peak_shift", direction: .higher,
            advice: "keep the first rows of the convolution; an effect cannot come before its cause"
        ) {
            let rate = film.request.repetitionTime
            let designed = TRConvolution(try HemodynamicResponse(.nilearn, repetitionTime: rate), crop: .same)
            let causal = TRConvolution(try HemodynamicResponse(.sampled, repetitionTime: rate))
            return .init(
                parts: [
                    .init(name: "peak after the event, causal", value: Double(causal.peakShift), line: 1),
                    .init(name: "peak after the event, as designed", value: Double(designed.peakShift), line: 1),
                ], population: 2, populationUnit: "responses", detail: "the kernel is Glover's, the crop is centred")
        }
    }

    private var reshape: Claim {
        Claim(
            number: 29, name: "reshape", phase: 3, text: "the encoder's 512 x 112 input has time along its columns",
            unit: "frames", variant: "reshape.frames_per_column", direction: .lower,
            advice: "move the embedding axis before time; a test that swaps frames notices, one of shapes does not"
        ) {
            let (books, frames) = (try codebookCount(), clock.leastFrameCount)
            let mixed = Self.framesPerColumn(
                codebookCount: books, frameCount: frames, width: Self.embeddingWidth)
            return .init(
                parts: [.init(name: "frames that one column draws on", value: Double(mixed), line: 1)],
                population: frames, populationUnit: "columns",
                detail: "(\(books), \(frames), \(Self.embeddingWidth)) taken as "
                    + "(\(books * Self.embeddingWidth), \(frames))")
        }
    }

    /// The most source frames that a column draws on when (codebooks, frames, width) is read as (codebooks x width, frames).
    static func framesPerColumn(codebookCount: Int, frameCount: Int, width: Int) -> Int {
        (0..<frameCount).map { column in
            Set((0..<codebookCount * width).map { ($0 * frameCount + column) % (frameCount * width) / width }).count
        }.max() ?? 0
    }
}
