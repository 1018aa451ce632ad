import ArgumentParser
import Autoencoder
import NeuralNetwork
import NumericCore

/// `codecgate model`.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Run a part of a trained model.",
        discussion: """
            Example: codecgate model run --model audio-encoder --checkpoint model/best.safetensors --input features.npy \
            -o vectors.npy
            """,
        subcommands: [ModelRunCommand.self])
}

/// `codecgate model run`.
struct ModelRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run one part of a model on an array, without dropout and with stored statistics.",
        discussion: """
            F is a checkpoint of `train`, or a state_dict: safetensors or PyTorch's .pt (plain tensors only). Sizes come \
            from its tensors; what they cannot tell is asked for below. audio-encoder reads codes or mel features \
            (TRs, codebooks or bands, frames) and gives (TRs, width); decoder reads bottlenecks (TRs, width).

            Example: codecgate model run --model audio-encoder --checkpoint model/best.safetensors --input features.npy \
            -o vectors.npy
            """)

    @Option(help: "audio-encoder or decoder.")
    var model: ModelPart

    @Option(help: ArgumentHelp("The numbers: .safetensors or .pt.", valueName: "F"), completion: .file())
    var checkpoint: String

    @Option(help: ArgumentHelp("What it reads: .npy.", valueName: "x.npy"), completion: .file())
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("What it gives: .npy; .npz for all of a decoder.", valueName: "y.npy"))
    var output: String

    @Option(help: "Decoder: what a .npy gets, audio, video or text.")
    var modality = DecodedModality.audio

    @Flag(help: "Decoder: round or choose codes (int32) instead of numbers or logits.")
    var codes = false

    @Option(help: "Decoder state_dict: regression or classification; tables are recognised.")
    var head: TrainedHead?

    @Option(help: ArgumentHelp("Decoder state_dict: codebooks, 8 unless told.", valueName: "n"))
    var codebooks: Int?

    @Option(help: ArgumentHelp("Decoder state_dict: frames of mel features, 65 unless told.", valueName: "n"))
    var frames: Int?

    @Option(help: "Decoder state_dict: last mel frame, repeat-last unless told, or zero (Python system).")
    var tail: TailChoice?

    @Option(help: "Encoder state_dict: permute unless told, or seed-view (design document).")
    var reshape: AxisChoice?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        for (name, value) in [("--codebooks", codebooks), ("--frames", frames)] {
            guard let value, !(1...10_000).contains(value) else { continue }
            throw ValidationError("\(name) is \(value); give 1 to 10000.")
        }
        switch model {
        case .audioEncoder:
            guard !codes, head == nil, codebooks == nil, frames == nil, tail == nil, modality == .audio else {
                throw ValidationError("an audio-encoder takes only --reshape; leave the decoder's options out.")
            }
        case .decoder:
            guard reshape == nil else { throw ValidationError("a decoder takes no --reshape; leave it out.") }
        }
    }

    func run() throws {
        let isBundle = output.lowercased().hasSuffix(".npz")
        guard isBundle || output.lowercased().hasSuffix(".npy") else {
            throw CommandError.usage("the output '\(output)' is neither .npy nor .npz; name it so")
        }
        try OutputPath.check(output, isNot: input)
        try OutputPath.check(output, isNot: checkpoint)
        let archive = try TensorArchive.open(path: checkpoint)
        let array = try NpyFile.read(path: input)
        let results = try model == .audioEncoder ? encoded(array, archive) : decoded(array, archive)
        try Interruption.check()
        if isBundle {
            try NpzFile.write(results.map { ($0.name, $0.array.npy) }, to: output)
            try report(results)
        } else {
            guard let result = results.first(where: { model == .audioEncoder || $0.name == modality.rawValue }) else {
                throw CommandError.badInput(
                    "'\(checkpoint)' predicts no \(modality.rawValue); choose from"
                        + " \(results.map(\.name).joined(separator: ", "))")
            }
            try result.array.write(to: output)
            try report([result])
        }
    }

    private func encoded(_ array: NumericArray, _ archive: TensorArchive) throws -> [ModelResult] {
        let features = try ModelFeatures.audio(array)
        let encoder = try StoredAudioEncoder(archive, for: features, reshape: reshape?.reshape)
        return [ModelResult(name: "vectors", array: .floats(try encoder.run(features)))]
    }

    private func decoded(_ array: NumericArray, _ archive: TensorArchive) throws -> [ModelResult] {
        var choices = StoredDecoder.Choices()
        (choices.head, choices.codebookCount) = (head, codebooks)
        (choices.melFrameCount, choices.tail) = (frames, tail?.tail)
        let decoder = try StoredDecoder(archive, choices)
        let result = try decoder.run(try ModelFeatures.floats(array))
        var audio = result.audio.map { ModelResult.Array.floats($0.values) }
        if codes {
            guard case .codes(_, _, let size)? = decoder.configuration.audio,
                let chosen = result.audio?.codes(vocabularySize: size)
            else { throw CommandError.usage("'\(checkpoint)' predicts no codes; leave --codes out") }
            audio = .codes(chosen)
        }
        let pairs = [
            ("audio", audio), ("video", result.video.map { .floats($0) }), ("text", result.text.map { .floats($0) }),
        ]
        return pairs.compactMap { pair in pair.1.map { ModelResult(name: pair.0, array: $0) } }
    }

    private func report(_ results: [ModelResult]) throws {
        guard !json else {
            return try StandardStreams.json(
                Report(
                    checkpoint: checkpoint, input: input, model: model.rawValue, output: output,
                    results: results.map { .init(name: $0.name, shape: $0.array.shape, type: $0.array.typeName) }))
        }
        let parts = results.map {
            "\($0.name) \($0.array.shape.map { "\($0)" }.joined(separator: " x ")) (\($0.array.typeName))"
        }
        try StandardStreams.output("\(output): \(parts.joined(separator: ", "))\n")
    }

    private struct Report: Encodable {
        struct Result: Encodable {
            let name: String
            let shape: [Int]
            let type: String
        }

        let checkpoint: String
        let input: String
        let model: String
        let output: String
        let results: [Result]
    }
}
