internal import Autoencoder
internal import Foundation
internal import NeuralNetwork
internal import NumericCore
internal import Verification

/// Audio encoders and whole models held against PyTorch, in evaluation.
struct ModelGoldenChecks {
    let goldens: URL

    private static let encoders = [
        "audio_convolution", "audio_seed_view", "audio_shared", "audio_mel", "audio_linear", "audio_linear_mel",
    ]
    private static let models = ["autoencoder_regression", "autoencoder_python"]
    private static let outputs = ["bottleneck", "voxels", "video", "audio", "text"]

    var checks: [any Check] { Self.encoders.map(encoder) + Self.models.map(model) }

    private static func plan(_ name: String, _ output: String, check: String) -> FindingPlan {
        FindingPlan(
            id: "golden.models.\(name).\(output)", check: "golden.models.\(check)", phase: 1,
            title: "Output '\(output)' of the model '\(name)'", unit: "of the peak", variant: "error.peak",
            direction: .lower, source: "GoldenData/models/\(name)/manifest.json, made by PyTorch")
    }

    private func encoder(_ name: String) -> any Check {
        let plan = Self.plan(name, "audio", check: name)
        return SimpleCheck([plan]) { record in
            let golden = try ModelCase<AudioEncoderConfiguration>(goldens.appendingPathComponent("models/\(name)"))
            var layout = ParameterLayout()
            let encoder = AudioEncoder(golden.configuration, in: &layout)
            let input = try golden.audio(golden.configuration.format)
            try input.check(golden.configuration.format)
            var pass = ForwardPass.evaluation
            let output = encoder.forward(input, try golden.state(layout), &pass).output
            try record(golden.compare(plan, output, "eval.output.audio"))
        }
    }

    private func model(_ name: String) -> any Check {
        let plans = Self.outputs.map { Self.plan(name, $0, check: name) }
        return SimpleCheck(plans) { record in
            let golden = try ModelCase<AutoencoderConfiguration>(goldens.appendingPathComponent("models/\(name)"))
            let model = MultimodalAutoencoder(golden.configuration)
            guard let format = golden.configuration.encoder.audio?.format else {
                throw GoldenError.missing(folder: name, name: "audio encoder")
            }
            let input = MultimodalInput(
                video: try golden.archive.floats("arrays.npz", "input.video"), audio: try golden.audio(format),
                text: try golden.archive.floats("arrays.npz", "input.text"))
            try input.check(golden.configuration.encoder)
            var pass = ForwardPass.evaluation
            let output = model.forward(input, try golden.state(model.layout), &pass).output
            let found = [
                output.encoded.bottleneck, output.encoded.voxels, output.decoded.video, output.decoded.audio?.values,
                output.decoded.text,
            ]
            for (index, plan) in plans.enumerated() {
                try record(golden.compare(plan, found[index], "eval.output.\(Self.outputs[index])"))
            }
        }
    }
}

/// A small model of PyTorch's: its configuration, its numbers and its outputs.
private struct ModelCase<Configuration: Decodable> {
    private struct Manifest: Decodable { let configuration: Configuration }

    let archive: ArchiveGolden
    let configuration: Configuration

    init(_ folder: URL) throws {
        archive = try ArchiveGolden(folder)
        let path = folder.appendingPathComponent("manifest.json")
        do {
            configuration = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: path)).configuration
        } catch { throw GoldenError.badManifest(path: path.path, reason: "\(error)") }
    }

    func state(_ layout: ParameterLayout) throws -> ModelState {
        try ModelState(path: archive.checked("model.safetensors"), layout: layout)
    }

    func audio(_ format: AudioFormat) throws -> AudioInput {
        switch format {
        case .codes: .codes(try archive.array("arrays.npz", "input.audio").int32())
        case .mel: .mel(try archive.floats("arrays.npz", "input.audio"))
        }
    }

    func compare(_ plan: FindingPlan, _ found: Tensor<Float>?, _ name: String) throws -> Finding {
        let expected = try archive.floats("arrays.npz", name)
        guard let found, found.shape == expected.shape else {
            return Finding(plan, .failed(reason: "shape \(found?.shape ?? []) against \(expected.shape)"))
        }
        return Finding(
            plan, GoldenComparison.peakError(found.elements, expected.elements), population: expected.count,
            populationUnit: "values", bound: .init(try archive.bound("forward"), source: plan.source))
    }
}
