import ArgumentParser
import Autoencoder
import FeaturePipeline
import NumericCore

/// `codecgate scan`.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Make a synthetic fMRI scan of features, to try train --fmri without brain data.",
        discussion: """
            Not brain data: the first voxels answer to random mixtures of the features, convolved with the haemodynamic \
            response, plus white noise; the others are noise alone. .npy is (TRs, voxels); .nii and .nii.gz hold the same \
            voxels in a box, of which train's mask leaves out the tenth that varies least.

            Example: codecgate scan features.npy -o fmri.nii.gz --snr 1 --voxels 100
            """)

    @Argument(help: ArgumentHelp("Features or codes: .npy, the first axis the TRs.", valueName: "features.npy"))
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The scan: .npy, .nii or .nii.gz.", valueName: "fmri"))
    var output: String

    @Option(help: ArgumentHelp("Variance of the answer over that of the noise.", valueName: "ratio"))
    var snr = SyntheticScan().signalToNoise

    @Option(help: ArgumentHelp("Voxels altogether.", valueName: "n"))
    var voxels = SyntheticScan().voxelCount

    @Option(help: ArgumentHelp("How many of them answer; half unless told.", valueName: "n"))
    var answering: Int?

    @Option(help: ArgumentHelp("Mixtures of features behind all answers.", valueName: "n"))
    var latents = SyntheticScan().latentCount

    @Option(help: ArgumentHelp("Mixtures and noise.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var time: RepetitionTimeOption

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
        let name = output.lowercased()
        let isImage = name.hasSuffix(".nii") || name.hasSuffix(".nii.gz")
        guard isImage || name.hasSuffix(".npy") else {
            throw CommandError.usage("the output '\(output)' is neither .npy, .nii nor .nii.gz; name it so")
        }
        try OutputPath.check(output, isNot: input)
        var scan = SyntheticScan()
        (scan.voxelCount, scan.answeringCount) = (voxels, answering ?? voxels / 2)
        (scan.latentCount, scan.signalToNoise, scan.seed) = (latents, snr, seed)
        let features = try ModelFeatures.numbers(NpyFile.read(path: input))
        let series = try scan.make(from: features, repetitionTime: time.repetitionTime())
        try Interruption.check()
        if isImage { try image(series).write(to: output) } else { try NpyFile.write(series, to: output) }
        try report(scan, series)
    }

    /// The voxels in the smallest box that is nearly a cube, in the order in which masks count.
    private func image(_ series: Tensor<Float>) throws -> NIfTIImage {
        var side = 1
        while side * side * side < voxels { side += 1 }
        let shape = [(voxels + side * side - 1) / (side * side), side, side]
        let mask = BrainMask((0..<shape.reduce(1, *)).map { $0 < voxels }, shape: shape)
        let seconds = try time.repetitionTime()
        let template = NIfTIImage(
            voxels: [0], shape: [1, 1, 1], voxelSizes: [3, 3, 3],
            repetitionSeconds: Double(seconds.numerator) / Double(seconds.denominator))
        return try mask.image(from: series, like: template)
    }

    private func report(_ scan: SyntheticScan, _ series: Tensor<Float>) throws {
        guard !json else {
            return try StandardStreams.json(
                Report(
                    answering: scan.answeringCount, input: input, latents: latents, output: output, seed: seed,
                    snr: snr,
                    trs: series.shape[0], voxels: voxels))
        }
        try StandardStreams.output(
            "\(output): \(series.shape[0]) TRs of \(voxels) synthetic voxels, \(scan.answeringCount) of them answering at"
                + " a signal to noise ratio of \(Text.plain(snr))\n")
    }

    private struct Report: Encodable {
        let answering: Int
        let input: String
        let latents: Int
        let output: String
        let seed: UInt64
        let snr: Double
        let trs: Int
        let voxels: Int
    }
}
