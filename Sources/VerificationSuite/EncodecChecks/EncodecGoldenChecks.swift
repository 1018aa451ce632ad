import EnCodec
public import Foundation
import NumericCore
public import Verification

/// EnCodec held against Hugging Face's goldens: stage by stage, at every bandwidth, at awkward lengths, in tiles.
public struct EncodecGoldenChecks {
    private let goldens: URL

    /// Checks over a folder of goldens.
    ///
    /// - Parameter goldens: `GoldenData` of the repository.
    public init(goldens: URL) { self.goldens = goldens }

    /// Runs all checks; what breaks becomes a failed check, never an exception.
    ///
    /// - Parameter progress: Called with every result as soon as it is there.
    /// - Returns: Results in a fixed order.
    /// - Throws: What `progress` throws.
    public func run(progress: (CheckResult) throws -> Void = { _ in }) rethrows -> [CheckResult] {
        var results: [CheckResult] = []
        for make in checks {
            for result in make() {
                results.append(result)
                try progress(result)
            }
        }
        return results
    }

    private var checks: [() -> [CheckResult]] {
        [
            {
                [
                    "small", "small_identity", "small_stereo", "small_options", "small_centred", "mini", "full24",
                    "full32",
                    "full48", "lengths",
                ].map(intact)
            },
            { stages("small", input: "speech", codes: "speech_codes_1.5") },
            { stages("small", input: "music", codes: "music_codes_1.5") },
            { stages("small", input: "silent", codes: "silent_codes_1.5") },
            { stages("small", input: "noisy", codes: "noisy_codes_1.5") },
            { stages("small_identity", input: "mixed", codes: "mixed_codes_1.2") },
            { stages("small_options", input: "mixed", codes: "mixed_codes_1.26") },
            { stages("small_centred", input: "mixed", codes: "mixed_codes_1.26") },
            { codec("mini", input: "mixed", bandwidths: ["1.5", "3", "6"], audio: ["1.5", "3", "6"]) },
            { codec("full24", input: "mixed", bandwidths: ["1.5", "3", "6", "12", "24"], audio: ["1.5", "6", "24"]) },
            { codec("full32", input: "mixed", bandwidths: ["2.2"], audio: ["2.2"]) },
            { chunks("full48", input: "mixed", bandwidths: ["3", "6", "12", "24"], audio: ["6", "24"]) },
            { [tiles()] },
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

    /// One result, or a failed one that says what broke.
    private func check(
        _ id: String, _ title: String, unit: String, bound: Double = 0, note: String,
        _ measure: () throws -> (CheckOutcome, population: Int, bound: Double, note: String)
    ) -> CheckResult {
        do {
            let (measurement, population, bound, found) = try measure()
            return CheckResult(
                id: "encodec." + id, phase: 1, title: title, measurement: measurement, unit: unit, bound: bound,
                population: population, note: found.isEmpty ? note : found + ". " + note)
        } catch {
            return CheckResult(
                id: "encodec." + id, phase: 1, title: title, measurement: .failed(reason: "\(error)"), unit: unit,
                bound: bound, population: 0, note: note)
        }
    }

    /// Every array of a case, also those that no check of this run reads.
    private func intact(_ name: String) -> CheckResult {
        check(
            "\(name).intact", "Goldens of \(name) are those that their manifest describes", unit: "arrays changed",
            note: "SHA-256 of every array"
        ) {
            let golden = try GoldenCase(folder: goldens.appendingPathComponent("encodec/\(name)"))
            var faults: [String] = []
            for array in golden.arrayNames {
                do { _ = try golden.array(array) } catch { faults.append("\(error)") }
            }
            return (.value(Double(faults.count)), golden.arrayNames.count, 0, faults.first ?? "")
        }
    }

    private func stages(_ name: String, input: String, codes: String) -> [CheckResult] {
        let note = "Bound and derivation: GoldenData/encodec/\(name)/manifest.json"
        return [
            check("\(name).stages.\(input)", "Every layer's output, \(name), \(input)", unit: "of the peak", note: note)
            {
                let (golden, model) = try open(name)
                let outputs =
                    try model.encoderStages(golden.samples("inputs/\(input)"))
                    + model.decoderStages(golden.integers("codes/\(codes)"))
                var worst = (error: 0.0, name: "")
                for output in outputs {
                    let expected = try golden.floats("stages_\(input)/\(output.name)")
                    switch GoldenComparison.peakError(output.values.elements, expected.elements) {
                    case .value(let error): if error >= worst.error { worst = (error, output.name) }
                    case let other: return (other, 0, 0, output.name)
                    }
                }
                return (.value(worst.error), outputs.count, try golden.bound("stages").bound, "worst: \(worst.name)")
            }
        ]
    }

    private func codec(_ name: String, input: String, bandwidths: [String], audio: [String]) -> [CheckResult] {
        compare(name, bandwidths: bandwidths, audio: audio) { golden, model, bandwidth in
            let codes = try golden.integers("codes/\(input)_codes_\(bandwidth)")
            let gaps = try golden.floats("codes/\(input)_gaps")
            let samples = try golden.samples("inputs/\(input)")
            let encoded = try model.encode(samples, bandwidthKbps: Self.kbps(bandwidth), threadCount: 2)
            let expected = EncodedAudio(chunks: [.init(codes: codes)], sampleCount: samples.count)
            return (encoded, expected, [gaps], "audio/\(input)_audio_\(bandwidth)")
        }
    }

    private func chunks(_ name: String, input: String, bandwidths: [String], audio: [String]) -> [CheckResult] {
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
    ) -> [CheckResult] {
        let note = "Equal, or a tie that the golden proves; GoldenData/encodec/\(name)/manifest.json"
        let opened = Result { try open(name) }
        return bandwidths.flatMap { bandwidth in
            let compared = Result { try make(opened.get().golden, opened.get().model, bandwidth) }
            let codes = check(
                "\(name).codes.\(bandwidth)kbps", "Codes at \(bandwidth) kbps, \(name)", unit: "codes differ",
                note: note
            ) {
                let comparison = try compared.get()
                let bound = try opened.get().golden.bound("codes")
                return Self.difference(comparison, bound)
            }
            guard audio.contains(bandwidth) else { return [codes] }
            let decoded = check(
                "\(name).audio.\(bandwidth)kbps", "Decoded audio at \(bandwidth) kbps, \(name)", unit: "of the peak",
                note: "GoldenData/encodec/\(name)/manifest.json"
            ) {
                let (comparison, (golden, model)) = (try compared.get(), try opened.get())
                let expected = try golden.samples(comparison.audioName)
                let error = GoldenComparison.peakError(try model.decode(comparison.expected, threadCount: 2), expected)
                return (error, expected.count, try golden.bound("audio").bound, "")
            }
            return [codes, decoded]
        }
    }

    private static func difference(_ comparison: Comparison, _ bound: GoldenCase.Bound)
        -> (CheckOutcome, population: Int, bound: Double, note: String)
    {
        let (encoded, expected) = (comparison.encoded.chunks, comparison.expected.chunks)
        guard encoded.count == expected.count else {
            return (.failed(reason: "\(encoded.count) chunks against \(expected.count)"), 0, 0, "")
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
        let population = expected.reduce(0) { $0 + $1.codes.count }
        let note = ["\(total.ties) proven ties of at most \(bound.cap ?? 0)", total.first].filter { !$0.isEmpty }
        return (.value(Double(total.unproven + excess)), population, 0, note.joined(separator: "; "))
    }

    /// Tiles and threads against one pass: not a bit may differ.
    private func tiles() -> CheckResult {
        check(
            "full24.tiles", "Codes and audio in tiles of 16 frames on 3 threads against one pass",
            unit: "values differ",
            note: "Same kernels, same order of additions: equal to the bit"
        ) {
            let golden = try GoldenCase(folder: goldens.appendingPathComponent("encodec/full24"))
            let samples = try golden.samples("inputs/mixed")
            let whole = try formulaModel(golden, framesPerTile: 1 << 20)
            let tiled = try formulaModel(golden, framesPerTile: 16)
            let expected = try whole.encode(samples, bandwidthKbps: 24)
            let encoded = try tiled.encode(samples, bandwidthKbps: 24, threadCount: 3)
            let (codes, audio) = (expected.chunks[0].codes.elements, try whole.decode(expected))
            let decoded = try tiled.decode(expected, threadCount: 3)
            guard encoded.frameCount == expected.frameCount, decoded.count == audio.count else {
                return (.failed(reason: "\(encoded.frameCount) frames against \(expected.frameCount)"), 0, 0, "")
            }
            let different =
                zip(encoded.chunks[0].codes.elements, codes).count { $0 != $1 } + zip(decoded, audio).count { $0 != $1 }
            return (.value(Double(different)), codes.count + audio.count, 0, "")
        }
    }

    private static func kbps(_ text: String) throws -> Double {
        guard let value = Double(text) else { throw EncodecError.emptyInput(what: "bandwidth in '\(text)'") }
        return value
    }
}
