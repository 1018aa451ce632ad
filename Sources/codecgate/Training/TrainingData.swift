import ArgumentParser
import FeaturePipeline
import NumericCore

/// The features that a model is trained on or judged by.
struct TrainingDataOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Codes or mel features, TR by TR: .npy.", valueName: "features.npy"))
    var features: String

    @Option(help: ArgumentHelp("Brain data: .npy (TRs, voxels), or a scan, .nii or .nii.gz.", valueName: "file"))
    var fmri: String?

    @Option(help: ArgumentHelp("Video features (TRs, ...), 0 to 1: .npy.", valueName: "v.npy"))
    var video: String?

    @Option(help: ArgumentHelp("Text features (TRs, ...): .npy.", valueName: "t.npy"))
    var text: String?

    @OptionGroup var time: RepetitionTimeOption

    /// Reads everything and splits it; without a split 80 % train, with a gap of 32 s.
    func dataset(split: DatasetSplit?) throws -> Dataset {
        let isScan = fmri.map { $0.hasSuffix(".nii") || $0.hasSuffix(".nii.gz") } ?? false
        var inputs = try Dataset.Inputs.read(audio: features, fmri: isScan ? nil : fmri, video: video, text: text)
        if isScan, let fmri {
            let image = try NIfTIImage.read(path: fmri)
            try checkTime(of: image, path: fmri)
            inputs.fmri = try BrainMask(of: image, path: fmri).timeSeries(of: image, path: fmri)
        }
        return try Dataset(inputs, repetitionTime: time.repetitionTime(), split: split)
    }

    /// A scan whose header names another TR would be paired with the wrong sound.
    private func checkTime(of image: NIfTIImage, path: String) throws {
        let time = try time.repetitionTime()
        let wanted = Double(time.numerator) / Double(time.denominator)
        guard let found = image.repetitionSeconds, found > 0, (found - wanted).magnitude > 0.001 * wanted else {
            return
        }
        throw CommandError.badInput(
            "'\(path)' has a TR of \(Text.plain(found)) s and --tr is \(time); give features and --tr of the scan's TR")
    }
}
