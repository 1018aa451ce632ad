public import ArgumentParser
public import Autoencoder
public import FeaturePipeline

extension ModelWidths: ExpressibleByArgument {}
extension TrainedHead: ExpressibleByArgument {}
extension TrainerSettings.Regression: ExpressibleByArgument {}
extension Dataset.Part: ExpressibleByArgument {}

/// Which part of the model a command runs.
enum ModelPart: String, ExpressibleByArgument, CaseIterable {
    case audioEncoder = "audio-encoder"
    case decoder
}

/// What the decoder predicts.
enum DecodedModality: String, ExpressibleByArgument, CaseIterable { case audio, video, text }

/// Names of `AudioEncoderConfiguration.Reshape`.
enum AxisChoice: String, ExpressibleByArgument, CaseIterable {
    case permute
    case seedView = "seed-view"

    var reshape: AudioEncoderConfiguration.Reshape { self == .permute ? .permute : .seedView }
}

/// Names of `AudioHead.MelTail`.
enum TailChoice: String, ExpressibleByArgument, CaseIterable {
    case zero
    case repeatLast = "repeat-last"

    var tail: AudioHead.MelTail { self == .zero ? .zero : .repeatLast }
}
