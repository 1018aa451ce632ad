internal import EnCodec
internal import FeaturePipeline
public import Foundation
internal import NumericCore
internal import SignalProcessing
internal import Verification

/// The legacy path with the flag off, held against librosa: features by TR, mel power, and sound from mel power.
public struct MelGoldenChecks {
    private let goldens: URL

    /// Checks over a folder of goldens.
    ///
    /// - Parameter goldens: `GoldenData` of the repository.
    public init(goldens: URL) { self.goldens = goldens }

    /// All checks, in a fixed order.
    public var checks: [any Check] { [features()] + ["legacy", "small"].flatMap { [spectrogram($0), sound($0)] } }

    private static func plan(_ id: String, check: String, _ title: String, unit: String, _ folder: String)
        -> FindingPlan
    {
        FindingPlan(
            id: "golden.mel.\(id)", check: "golden.mel.\(check)", phase: 1, title: title, unit: unit,
            variant: unit == "dB" ? "error.absolute" : "error.relative", direction: .lower,
            source: "GoldenData/\(folder)/manifest.json, made by librosa")
    }

    /// Features of the processor that whoever does not switch has.
    private func features() -> any Check {
        let folder = "pipeline/mel"
        let plans = [
            Self.plan("features.slots", check: "features", "Mel features by TR, flag off", unit: "dB", folder),
            Self.plan(
                "features.means", check: "features", "Mean mel features of each TR, flag off", unit: "dB", folder),
            Self.plan(
                "features.level", check: "features", "The level that mel features keep", unit: "relative", folder),
        ]
        return SimpleCheck(plans) { record in
            let golden = try ArchiveGolden(goldens.appendingPathComponent(folder))
            let bound = try golden.bound("decibels")
            let count = golden.manifest.sampleCount ?? 0
            let made = try Self.processed(GoldenSignal.samples(count), isVectorPerTR: false)
            let bins = try golden.array("arrays.npz", "bins").int32().elements.map { Int($0) }
            let slots = try golden.floats("arrays.npz", "slots")
            try record(
                Self.absolute(plans[0], Self.rows(made.values, bins: bins), slots.elements, bound: bound))
            let means = try Self.processed(GoldenSignal.samples(count), isVectorPerTR: true)
            let expected = try golden.floats("arrays.npz", "means")
            try record(Self.absolute(plans[1], means.values.elements, expected.elements, bound: bound))
            let level = golden.manifest.largestPower ?? .nan
            let found = Double(made.reference ?? .nan)
            try record(
                Finding(
                    plans[2], .value((found - level).magnitude / level), population: 1, populationUnit: "levels",
                    bound: .init(1e-6, source: "float32 rounding of one power")))
        }
    }

    private static func processed(
        _ samples: [Float], isVectorPerTR: Bool
    ) throws -> (values: Tensor<Float>, reference: Float?) {
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = false
        settings.isVectorPerTR = isVectorPerTR
        var position = 0
        let features = try AudioProcessor(settings).features(from: { buffer in
            let count = min(buffer.count, samples.count - position)
            _ = buffer.update(fromContentsOf: samples[position..<position + count])
            position += count
            return count
        })
        guard case .decibels(let values) = features.values else {
            throw FeatureError.badRequest(problem: "the processor gives codes although the flag is off")
        }
        return (values, features.manifest.decibelReference)
    }

    /// The bands that the golden keeps, TR after TR.
    private static func rows(_ values: Tensor<Float>, bins: [Int]) -> [Float] {
        guard values.rank == 3, bins.allSatisfy({ $0 < values.shape[1] }) else { return [] }
        let (bands, width) = (values.shape[1], values.shape[2])
        var rows: [Float] = []
        for tr in 0..<values.shape[0] {
            for bin in bins {
                let start = (tr * bands + bin) * width
                rows += values.elements[start..<start + width]
            }
        }
        return rows
    }

    private func spectrogram(_ name: String) -> any Check {
        let plan = Self.plan(
            "spectrogram.\(name)", check: "spectrogram.\(name)", "Mel power in dB, \(name) settings", unit: "dB",
            "signal/mel")
        return SimpleCheck([plan]) { record in
            let (golden, _, configuration) = try open("signal/mel", name)
            let signal = try golden.floats("features.npz", "\(name)_signal").elements
            var decibels = try MelSpectrogram(configuration).power(of: signal).elements
            try DecibelScale.legacy.convert(&decibels)
            let expected = try golden.floats("features.npz", "\(name)_db").elements
            try record(Self.absolute(plan, decibels, expected, bound: golden.bound("featureDB")))
        }
    }

    /// From librosa's start and phases to librosa's signal.
    private func sound(_ name: String) -> any Check {
        let plan = Self.plan(
            "sound.\(name)", check: "sound.\(name)", "Sound from mel power by Griffin-Lim, \(name) settings",
            unit: "of the norm", "signal/reconstruction")
        return SimpleCheck([plan]) { record in
            let (golden, settings, configuration) = try open("signal/reconstruction", name)
            let mel = try golden.floats("reconstruction.npz", "\(name)_mel")
            let expected = try golden.floats("reconstruction.npz", "\(name)_signal").elements
            let reconstruction = try MelReconstruction(
                MelInversion(configuration.filterBank, sweepLimit: 0), GriffinLim(configuration.layout))
            let seed = try settings.value(\.seed, "seed")
            let signal = try reconstruction.signal(ofMelPower: mel, phases: .numpy(seed: seed))
            let bound = try golden.bound("signalFactor") * settings.value(\.librosaFloat32Error, "librosaFloat32Error")
            try record(Self.relative(plan, signal, expected, bound: bound))
        }
    }

    private func open(
        _ folder: String, _ name: String
    ) throws -> (ArchiveGolden, ArchiveGolden.Case, MelConfiguration) {
        let golden = try ArchiveGolden(goldens.appendingPathComponent(folder))
        guard let settings = golden.manifest.cases?.first(where: { $0.name == name }) else {
            throw GoldenError.missing(folder: golden.folder.path, name: "case " + name)
        }
        let layout = try FrameLayout(fftLength: settings.value(\.fft, "fft"), hopLength: settings.value(\.hop, "hop"))
        let configuration = try MelConfiguration(
            sampleRate: settings.value(\.rate, "rate"), layout: layout, melBinCount: settings.value(\.mels, "mels"))
        return (golden, settings, configuration)
    }

    private static func absolute(
        _ plan: FindingPlan, _ actual: [Float], _ expected: [Float], bound: Double
    ) -> Finding {
        guard actual.count == expected.count, !expected.isEmpty else {
            return Finding(plan, .failed(reason: "\(actual.count) values against a golden of \(expected.count)"))
        }
        var worst = (error: 0.0, index: 0)
        for index in actual.indices {
            let error = (Double(actual[index]) - Double(expected[index])).magnitude
            guard error.isFinite else {
                return Finding(
                    plan, .failed(reason: "value \(index) is \(actual[index]), the golden's \(expected[index])"))
            }
            if error > worst.error { worst = (error, index) }
        }
        return Finding(
            plan, .value(worst.error), population: expected.count, populationUnit: "values",
            note: "worst: value \(worst.index)", bound: .init(bound, source: plan.source))
    }

    private static func relative(
        _ plan: FindingPlan, _ actual: [Float], _ expected: [Float], bound: Double
    ) -> Finding {
        guard actual.count == expected.count, !expected.isEmpty else {
            return Finding(plan, .failed(reason: "\(actual.count) samples against a golden of \(expected.count)"))
        }
        let error = zip(actual, expected).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        let norm = expected.reduce(0) { $0 + Double($1) * Double($1) }
        return Finding(
            plan, .value((error / norm).squareRoot()), population: expected.count, populationUnit: "samples",
            bound: .init(bound, source: plan.source))
    }
}
