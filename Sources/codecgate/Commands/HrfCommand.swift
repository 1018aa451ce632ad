import ArgumentParser
import EnCodec
import FeaturePipeline
import NumericCore

/// `codecgate hrf`.
struct HrfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hrf",
        abstract: "Convolve features with the haemodynamic response.",
        discussion: """
            IN is (TRs, ...). Floats give float32. For integer codes say what to do with --codes: latent convolves what \
            the codes stand for and gives (TRs, latent values, frames) float32, or codes again with --requantize; seed \
            convolves index numbers, rounds and clips; skip copies. --kernel nilearn --crop padded is the Python \
            system's way: its responses come before their stimulus. A manifest NAME.json is written beside NAME.npy.

            Example: codecgate hrf features.npy -o latents.npy --codes latent
            """)

    @Argument(help: ArgumentHelp("Features or codes: .npy, the first axis the TRs.", valueName: "in.npy"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The result: .npy.", valueName: "out.npy"))
    var output: String

    @OptionGroup var time: RepetitionTimeOption

    @Option(help: ArgumentHelp("sampled: at multiples of the TR; nilearn: as the Python system has it."))
    var kernel = HemodynamicResponse.Kernel.sampled

    @Option(help: "Rows kept: causal, same (centred), padded (centred, as the Python system), or full.")
    var crop = TRConvolution.Crop.causal

    @Option(help: "What happens to integer codes: latent, seed or skip.")
    var codes: CodeChoice?

    @Flag(help: "Turn convolved latents into codes again.")
    var requantize = false

    @OptionGroup var codec: CodecOption

    @OptionGroup var options: RunOptions

    /// Names of the treatments.
    enum CodeChoice: String, ExpressibleByArgument, CaseIterable { case latent, seed, skip }

    func validate() throws {
        if requantize, codes != .latent {
            throw ValidationError("--requantize needs --codes latent; other treatments give codes already.")
        }
    }

    func run() throws {
        let convolution = try TRConvolution(
            HemodynamicResponse(kernel, repetitionTime: time.repetitionTime()), crop: crop)
        let description = try AlignmentFile.describe(input)
        try NpyOutput.check(output, isNot: input)
        var report = HrfReport(
            convolution, input: input, output: output, source: description, codes: codes?.rawValue)
        switch (description.kind, codes) {
        case (.features, nil):
            let progress = ProgressBar("convolve", totalSeconds: nil, isQuiet: options.quiet)
            report.values = try AlignmentFile.convolve(
                input, to: output, with: convolution, threadCount: options.threads,
                provenance: provenance(convolution)
            ) { done in
                try Interruption.check()
                progress.update(done, of: convolution.outputCount(forRows: description.shape[0]), unit: "TRs")
            }
            report.set(shape: [convolution.outputCount(forRows: description.shape[0])] + description.shape.dropFirst())
        case (.features, .some):
            throw CommandError.usage(
                "--codes is for integers and '\(input)' holds \(description.elementType); leave it out")
        case (.codes, nil): throw CommandError.usage(Self.explanation(input, description))
        case (.codes, .skip):
            _ = try AlignmentFile.codes(input)
            try AlignmentFile.copy(input, to: output, provenance: provenance(convolution, codes: .skip))
            report.set(shape: description.shape, elementType: description.elementType, isConvolved: false)
        case (.codes, .seed):
            let result = try IndexConvolution.convolve(AlignmentFile.codes(input), with: convolution)
            try AlignmentFile.write(result.codes, to: output, provenance: provenance(convolution, codes: .seed))
            report.damage = result.damage
            report.set(shape: result.codes.shape, elementType: "int32")
        case (.codes, .latent): try convolveLatents(with: convolution, report: &report)
        }
        try report.print(options)
    }

    private func convolveLatents(with convolution: TRConvolution, report: inout HrfReport) throws {
        let codes = try AlignmentFile.codes(input)
        let files = try codec.locate()
        let model = try files.load()
        report.codec = files.specification
        let weights = try files.weightsDigest()
        report.weightsSha256 = weights
        let provenance = try provenance(
            convolution, codes: .latent, codec: .init(identifier: files.specification, weightsSHA256: weights),
            isRequantized: requantize)
        let latents = try LatentConvolution.convolve(
            codes, model: model, with: convolution, threadCount: options.threads)
        try Interruption.check()
        guard requantize else {
            try AlignmentFile.write(latents, to: output, provenance: provenance)
            return report.set(shape: latents.shape)
        }
        let again = try LatentConvolution.requantize(latents, model: model, codebookCount: codes.shape[1])
        try Interruption.check()
        try AlignmentFile.write(again, to: output, provenance: provenance)
        report.set(shape: again.shape, elementType: "int32")
    }

    /// What the manifest of the result says about this step.
    private func provenance(
        _ convolution: TRConvolution, codes: FeatureRecipe.HRF.Codes? = nil, codec: DerivedManifest.Codec? = nil,
        isRequantized: Bool = false
    ) throws -> Provenance {
        let response = DerivedManifest.Response(
            convolution, codes: codes, codec: codec, isRequantized: isRequantized)
        return try Provenance(.hrf(response), of: input)
    }

    /// Why codes need a decision, and which there are.
    private static func explanation(_ input: String, _ description: AlignmentFile.Description) -> String {
        "'\(input)' holds \(description.elementType) codes, which are labels and not quantities; give --codes latent to "
            + "convolve what they stand for, --codes skip to leave them as they are, or --codes seed to convolve their "
            + "numbers as the design document does"
    }
}
