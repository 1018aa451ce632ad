internal import AudioIO
internal import EnCodec
internal import FeaturePipeline
internal import Foundation
internal import NumericCore
internal import SignalProcessing
internal import Verification

extension ClaimsAudit {
    /// What is claimed about the pipeline around the codec.
    var pipelineClaims: [Claim] { [dependencies, dataset, fallback, caches, frozen] }

    private var dependencies: Claim {
        Claim(
            number: 13, name: "dependencies", phase: 1, text: "the move needs nothing that is not there already",
            unit: "missing", variant: "environment.missing", direction: .lower,
            advice:
                "fetch the weights once with 'codecgate codec fetch facebook/encodec_24khz', and install a PESQ program"
        ) {
            let specification = "facebook/encodec_24khz"
            var hasWeights = true
            do { _ = try CodecFiles.locate(specification, environment: environment) } catch { hasWeights = false }
            return .init(
                parts: [
                    .init(name: "weights of \(specification) missing", value: hasWeights ? 0 : 1, line: 0),
                    .init(name: "PESQ missing or not asked for", value: pesq == nil ? 1 : 0, line: 0),
                ], population: 2, populationUnit: "things", detail: "looked for in the local hub cache")
        }
    }

    /// The first TRs of the film, for what needs no more.
    private func excerpt(rate: Int, trCount: Int = 4) throws -> [Float] {
        let sound = try film.sound(rate == clock.sampleRate ? .original : .atMelRate(.original))
        let samples = film.request.repetitionTime.start(of: min(trCount, film.trCount), rate: rate)
        return try sound.samples(0..<samples)
    }

    /// Features of the film's first TRs.
    private func features(useEncodec: Bool) throws -> (features: TRFeatures, processor: AudioProcessor) {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = useEncodec
        settings.bandwidthKbps = film.bandwidthKbps
        settings.repetitionTime = film.request.repetitionTime
        let processor = try AudioProcessor(settings, codec: useEncodec ? film.request.codec : nil)
        let samples = try excerpt(rate: processor.sampleRate)
        var position = 0
        let made = try processor.features(from: { buffer in
            let part = samples[position..<min(samples.count, position + buffer.count)]
            position += part.count
            return buffer.update(fromContentsOf: part)
        })
        return (made, processor)
    }

    private var dataset: Claim {
        Claim(
            number: 22, name: "dataset", phase: 1, text: "the dataset takes codes without any change",
            unit: "differences", variant: "features.differences", direction: .lower,
            advice: "read format, shape and number of frames from the manifest instead of assuming them"
        ) {
            let mel = try features(useEncodec: false).features.manifest
            let codes = try features(useEncodec: true).features.manifest
            let differing = [
                ("kind of number", mel.elementType != codes.elementType),
                ("rows a TR", mel.shape.dropFirst().first != codes.shape.dropFirst().first),
                ("columns a TR", mel.shape.last != codes.shape.last),
            ].filter(\.1).map(\.0)
            return .init(
                parts: [.init(name: "differences", value: Double(differing.count), line: 0)], population: 3,
                populationUnit: "properties",
                detail: "\(differing.joined(separator: ", ")): \(mel.elementType.rawValue) \(mel.shape) against "
                    + "\(codes.elementType.rawValue) \(codes.shape)")
        }
    }

    private var fallback: Claim {
        Claim(
            number: 23, name: "flag_off", phase: 1, text: "with the flag off everything works as before",
            unit: "problems", variant: "pipeline.mel_problems", direction: .lower,
            advice: "keep the mel goldens among the gates for as long as anybody may switch back"
        ) {
            let (made, processor) = try features(useEncodec: false)
            guard case .decibels(let decibels) = made.values else {
                return .init(parts: [.init(name: "features that are not mel", value: 1, line: 0)])
            }
            let sound = try processor.audio(from: made, seed: film.request.seed)
            let wanted = processor.clock.sampleCount(ofTRs: decibels.shape[0])
            let array = NumericArray(
                decibels.elements.withUnsafeBytes(Array.init), shape: decibels.shape, elementType: .float32,
                origin: "mel features")
            let detected = FeatureFormat.detect(array, repetitionTime: film.request.repetitionTime).format
            var isMel = false
            if case .mel3D = detected { isMel = true }
            return .init(
                parts: [
                    .init(name: "samples more or fewer", value: Double(abs(sound.frameCount - wanted)), line: 0),
                    .init(name: "taken for \(detected.id)", value: isMel ? 0 : 1, line: 0),
                    .init(
                        name: "samples that are no number", value: Double(sound.samples.count { !$0.isFinite }), line: 0
                    ),
                ], population: sound.frameCount, populationUnit: "samples", detail: "features and sound of this package"
            )
        }
    }

    private var caches: Claim {
        Claim(
            number: 24, name: "caches", phase: 1, text: "caches of different settings cannot be mixed up",
            unit: "settings", variant: "cache.silent_settings", direction: .lower,
            advice: "put everything that changes the content into the name, and check the manifest on reading"
        ) {
            let recipe = try features(useEncodec: true).features.manifest.recipe
            let changes = Self.changes(of: recipe)
            let silent = try Self.silent(changes, of: recipe) { recipe in
                try FeatureCache(folder: film.request.scratch.path).fileName(for: recipe)
            }
            return .init(
                parts: [.init(name: "settings that leave the name as it is", value: Double(silent.count), line: 0)],
                population: changes.count, populationUnit: "settings", detail: silent.joined(separator: ", "))
        }
    }

    /// One change a setting.
    static func changes(of recipe: FeatureRecipe) -> [(name: String, recipe: FeatureRecipe)] {
        func changed(_ name: String, _ change: (inout FeatureRecipe) -> Void) -> (String, FeatureRecipe) {
            var copy = recipe
            change(&copy)
            return (name, copy)
        }
        return [
            changed("format") { $0.format = .encodecFlat }, changed("behaviour") { $0.behaviour = .compat },
            changed("grid") { $0.grid = .seed112 },
            changed("TR") { $0.repetitionTime = RepetitionTime(2, over: 1) ?? $0.repetitionTime },
            changed("TR limit") { $0.maximumTRCount = ($0.maximumTRCount ?? 0) + 10 },
            changed("bandwidth") { $0.codec?.bandwidthKbps += 1 },
            changed("codec's weights") { $0.codec?.weightsSHA256 = String(repeating: "0", count: 64) },
            changed("response") { $0.hrf = .init(kernel: .nilearn, crop: .same, codes: .seed) },
            changed("film") { $0.source = .init(sha256: "other", decoderBackend: "other", resampler: "none") },
        ]
    }

    /// Settings whose change does not show in a name.
    static func silent(
        _ changes: [(name: String, recipe: FeatureRecipe)], of recipe: FeatureRecipe,
        name: (FeatureRecipe) throws -> String
    ) rethrows -> [String] {
        let before = try name(recipe)
        return try changes.filter { try name($0.recipe) == before }.map(\.name)
    }

    private var frozen: Claim {
        Claim(
            number: 25, name: "frozen", phase: 2, text: "the pretrained codec stays as it is", unit: "codes",
            variant: "codes.changed", direction: .lower,
            advice: "keep the weights' SHA-256 in every manifest and compare it on reading"
        ) {
            let before = try film.codes(film.bandwidthKbps)
            let samples = try excerpt(rate: clock.sampleRate)
            let again = try model.encode(
                samples, bandwidthKbps: film.bandwidthKbps, threadCount: film.request.threadCount)
            guard let after = again.chunks.first?.codes else { throw Self.silent }
            // The excerpt's end is padded where the film goes on.
            let compared = min(before.shape[1], after.shape[1]) - 2
            guard compared > 0 else { throw NotMeasurable("the film is too short", remedy: "verify a longer film") }
            let changed = (0..<before.shape[0]).reduce(0) { sum, book in
                sum + (0..<compared).count { before[book, $0] != after[book, $0] }
            }
            return .init(
                parts: [.init(name: "codes changed since the run began", value: Double(changed), line: 0)],
                population: before.shape[0] * compared, populationUnit: "codes",
                detail: "weights \(film.request.codec.weightsSHA256.prefix(12))")
        }
    }
}
