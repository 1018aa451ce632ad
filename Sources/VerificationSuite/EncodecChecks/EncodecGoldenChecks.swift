import EnCodec
public import Foundation
import NumericCore
import Verification

/// EnCodec held against Hugging Face's goldens: stage by stage, at every bandwidth, at awkward lengths, in tiles.
public struct EncodecGoldenChecks {
    private let goldens: URL

    /// Checks over a folder of goldens.
    ///
    /// - Parameter goldens: `GoldenData` of the repository.
    public init(goldens: URL) { self.goldens = goldens }

    /// All checks, in a fixed order.
    public var checks: [any Check] {
        let cases = [
            "small", "small_identity", "small_stereo", "small_options", "small_centred", "mini", "full24", "full32",
            "full48", "lengths",
        ]
        return cases.map(intact) + [
            stages("small", input: "speech", codes: "speech_codes_1.5"),
            stages("small", input: "music", codes: "music_codes_1.5"),
            stages("small", input: "silent", codes: "silent_codes_1.5"),
            stages("small", input: "noisy", codes: "noisy_codes_1.5"),
            stages("small_identity", input: "mixed", codes: "mixed_codes_1.2"),
            stages("small_options", input: "mixed", codes: "mixed_codes_1.26"),
            stages("small_centred", input: "mixed", codes: "mixed_codes_1.26"),
            codec("mini", input: "mixed", bandwidths: ["1.5", "3", "6"], audio: ["1.5", "3", "6"]),
            codec("full24", input: "mixed", bandwidths: ["1.5", "3", "6", "12", "24"], audio: ["1.5", "6", "24"]),
            codec("full32", input: "mixed", bandwidths: ["2.2"], audio: ["2.2"]),
            chunks("full48", input: "mixed", bandwidths: ["3", "6", "12", "24"], audio: ["6", "24"]),
            tiles(),
        ]
    }

    private func open(_ name: String) throws -> (golden: GoldenCase, model: EncodecModel) {
        let golden = try GoldenCase(folder: goldens.appendingPathComponent("encodec/\(name)"))
        if name == CodecFiles.embeddedName { return (golden, try CodecFiles.locate(name).load()) }
        if FileManager.default.fileExists(atPath: golden.folder.appendingPathComponent("config.json").path) {
            return (golden, try CodecFiles.locate(golden.folder.path).load())
        }
        return (golden, try formulaModel(golden))
    }

    private func formulaModel(_ golden: GoldenCase, framesPerTile: Int = EncodecModel.defaultFramesPerTile) throws
        -> EncodecModel
    {
        let configuration = try EncodecConfiguration(
            json: Array(golden.manifestPart("config")), path: golden.folder.path)
        let weights = try JSONDecoder().decode(FormulaWeights.self, from: golden.manifestPart("formula"))
        return try EncodecModel(
            configuration: configuration, weights: weights.source(for: configuration), framesPerTile: framesPerTile)
    }

    private func plan(
        _ id: String, check: String, _ title: String, unit: String, variant: String, source: String
    ) -> FindingPlan {
        FindingPlan(
            id: "golden.encodec." + id, check: "golden.encodec." + check, phase: 1, title: title, unit: unit,
            variant: variant, direction: .lower, source: source)
    }

    private static func manifest(_ name: String) -> String { "GoldenData/encodec/\(name)/manifest.json" }

    /// Every array of a case, also those that no check of this run reads.
    private func intact(_ name: String) -> any Check {
        let plan = plan(
            "\(name).intact", check: "\(name).intact", "Goldens of \(name) are those that their manifest describes",
            unit: "arrays changed", variant: "sha256.differ", source: Self.manifest(name))
        return SimpleCheck([plan]) { record in
            let golden = try GoldenCase(folder: goldens.appendingPathComponent("encodec/\(name)"))
            var faults: [String] = []
            for array in golden.arrayNames {
                do { _ = try golden.array(array) } catch { faults.append("\(error)") }
            }
            try record(
                Finding(
                    plan, .value(Double(faults.count)), population: golden.arrayNames.count, populationUnit: "arrays",
                    note: faults.first ?? ""))
        }
    }

    private func stages(_ name: String, input: String, codes: String) -> any Check {
        let plan = plan(
            "\(name).stages.\(input)", check: "\(name).stages.\(input)", "Every layer's output, \(name), \(input)",
            unit: "of the peak", variant: "error.peak", source: Self.manifest(name))
        return SimpleCheck([plan]) { record in
            let (golden, model) = try open(name)
            let outputs =
                try model.encoderStages(golden.samples("inputs/\(input)"))
                + model.decoderStages(golden.integers("codes/\(codes)"))
            let bound = try golden.bound("stages").bound
            var worst = (error: 0.0, name: "")
            for output in outputs {
                let expected = try golden.floats("stages_\(input)/\(output.name)")
                let found = GoldenComparison.peakError(output.values.elements, expected.elements)
                guard case .value(let error) = found else {
                    return try record(Finding(plan, found, note: "in \(output.name)"))
                }
                if error >= worst.error { worst = (error, output.name) }
            }
            try record(
                Finding(
                    plan, .value(worst.error), population: outputs.count, populationUnit: "layers",
                    note: "worst: \(worst.name)", bound: .init(bound, source: Self.manifest(name))))
        }
    }

    private func codec(_ name: String, input: String, bandwidths: [String], audio: [String]) -> any Check {
        compare(name, bandwidths: bandwidths, audio: audio) { golden, model, bandwidth in
            let codes = try golden.integers("codes/\(input)_codes_\(bandwidth)")
            let gaps = try golden.floats("codes/\(input)_gaps")
            let samples = try golden.samples("inputs/\(input)")
            let encoded = try model.encode(samples, bandwidthKbps: Self.kbps(bandwidth), threadCount: 2)
            let expected = EncodedAudio(chunks: [.init(codes: codes)], sampleCount: samples.count)
            return (encoded, expected, [gaps], "audio/\(input)_audio_\(bandwidth)")
        }
    }

    private func chunks(_ name: String, input: String, bandwidths: [String], audio: [String]) -> any Check {
        compare(name, bandwidths: bandwidths, audio: audio) { golden, model, bandwidth in
            let samples = try golden.samples("inputs/\(input)")
            let encoded = try model.encode(samples, bandwidthKbps: Self.kbps(bandwidth), threadCount: 2)
            let lengths = encoded.chunks.map { $0.codes.shape[1] }
            let stacked = try golden.integers("codes/\(input)_codes_\(bandwidth)")
            let scales = try golden.floats("codes/\(input)_scales").elements
            guard stacked.rank == 3, stacked.shape[0] == lengths.count, scales.count == lengths.count else {
                throw GoldenError.missing(folder: golden.folder.path, name: "\(lengths.count) chunks")
            }
            let expected = lengths.enumerated().map { index, length in
                EncodedAudio.Chunk(codes: stacked.chunk(index, columns: length), scale: scales[index])
            }
            let allGaps = try golden.floats("codes/\(input)_gaps")
            let gaps = lengths.enumerated().map { allGaps.chunk($0, columns: $1) }
            let reference = EncodedAudio(chunks: expected, sampleCount: samples.count / 2)
            return (encoded, reference, gaps, "audio/\(input)_audio_\(bandwidth)")
        }
    }

    private typealias Comparison = (
        encoded: EncodedAudio, expected: EncodedAudio, gaps: [Tensor<Float>], audioName: String
    )

    /// Codes at each bandwidth and audio at some.
    private func compare(
        _ name: String, bandwidths: [String], audio: [String],
        _ make: @escaping (GoldenCase, EncodecModel, _ bandwidth: String) throws -> Comparison
    ) -> any Check {
        let plans = bandwidths.map { bandwidth in
            let codes = plan(
                "\(name).codes.\(bandwidth)kbps", check: name, "Codes at \(bandwidth) kbps, \(name)",
                unit: "codes differ", variant: "codes.differ.ties_proven",
                source: "Equal, or a tie that the golden proves; \(Self.manifest(name))")
            let decoded = plan(
                "\(name).audio.\(bandwidth)kbps", check: name, "Decoded audio at \(bandwidth) kbps, \(name)",
                unit: "of the peak", variant: "error.peak", source: Self.manifest(name))
            return (bandwidth: bandwidth, codes: codes, audio: audio.contains(bandwidth) ? decoded : nil)
        }
        return SimpleCheck(plans.flatMap { [$0.codes] + [$0.audio].compactMap(\.self) }) { record in
            let (golden, model) = try open(name)
            for (bandwidth, codes, audio) in plans {
                let compared: Comparison
                do { compared = try make(golden, model, bandwidth) } catch {
                    // One golden of several may be damaged: the others still say something.
                    for plan in [codes, audio].compactMap(\.self) {
                        try record(Finding(plan, .failed(reason: "\(error)")))
                    }
                    continue
                }
                try record(Self.difference(codes, compared, golden.bound("codes")))
                if let audio { try record(Self.error(audio, compared, golden, model)) }
            }
        }
    }

    private static func error(
        _ plan: FindingPlan, _ comparison: Comparison, _ golden: GoldenCase, _ model: EncodecModel
    )
        -> Finding
    {
        do {
            let expected = try golden.samples(comparison.audioName)
            let error = GoldenComparison.peakError(try model.decode(comparison.expected, threadCount: 2), expected)
            return Finding(
                plan, error, population: expected.count, populationUnit: "samples",
                bound: .init(try golden.bound("audio").bound, source: plan.source))
        } catch {
            return Finding(plan, .failed(reason: "\(error)"))
        }
    }

    private static func difference(_ plan: FindingPlan, _ comparison: Comparison, _ bound: GoldenCase.Bound) -> Finding
    {
        let (encoded, expected) = (comparison.encoded.chunks, comparison.expected.chunks)
        guard encoded.count == expected.count else {
            return Finding(plan, .failed(reason: "\(encoded.count) chunks against \(expected.count)"))
        }
        var total = GoldenComparison.CodeDifferences()
        for index in encoded.indices {
            let found = GoldenComparison.codes(
                encoded[index].codes, expected[index].codes, gaps: comparison.gaps[index], tieBound: bound.bound)
            if total.unproven == 0 { total.first = found.first }
            total.unproven += found.unproven
            total.ties += found.ties
        }
        // Ties beyond the golden's cap are no ties: they count as differences.
        let excess = max(0, total.ties - (bound.cap ?? 0))
        let note = ["\(total.ties) proven ties of at most \(bound.cap ?? 0)", total.first].filter { !$0.isEmpty }
        return Finding(
            plan, .value(Double(total.unproven + excess)), population: expected.reduce(0) { $0 + $1.codes.count },
            populationUnit: "codes", note: note.joined(separator: "; "))
    }

    /// Tiles and threads against one pass: not a bit may differ.
    private func tiles() -> any Check {
        let plan = plan(
            "full24.tiles", check: "full24.tiles",
            "Codes and audio in tiles of 16 frames on 3 threads against one pass", unit: "values differ",
            variant: "bits.differ", source: "Same kernels, same order of additions: equal to the bit")
        return SimpleCheck([plan]) { record in
            let golden = try GoldenCase(folder: goldens.appendingPathComponent("encodec/full24"))
            let samples = try golden.samples("inputs/mixed")
            let whole = try formulaModel(golden, framesPerTile: 1 << 20)
            let tiled = try formulaModel(golden, framesPerTile: 16)
            let expected = try whole.encode(samples, bandwidthKbps: 24)
            let encoded = try tiled.encode(samples, bandwidthKbps: 24, threadCount: 3)
            let (codes, audio) = (expected.chunks[0].codes.elements, try whole.decode(expected))
            let decoded = try tiled.decode(expected, threadCount: 3)
            guard encoded.frameCount == expected.frameCount, decoded.count == audio.count else {
                let reason = "\(encoded.frameCount) frames against \(expected.frameCount)"
                return try record(Finding(plan, .failed(reason: reason)))
            }
            let different =
                zip(encoded.chunks[0].codes.elements, codes).count { $0 != $1 } + zip(decoded, audio).count { $0 != $1 }
            try record(
                Finding(
                    plan, .value(Double(different)), population: codes.count + audio.count, populationUnit: "values"))
        }
    }

    private static func kbps(_ text: String) throws -> Double {
        guard let value = Double(text) else { throw EncodecError.emptyInput(what: "bandwidth in '\(text)'") }
        return value
    }
}
