internal import AudioIO
internal import EnCodec
internal import FeaturePipeline
internal import Foundation
internal import NumericCore
internal import Verification

/// Sounds that a check makes of a film for itself, made once and measured like the film's versions.
///
/// Several checks share one, so that a sound that two of them ask for is made and measured once. Not for several tasks.
final class DerivedSounds {
    let film: FilmContext
    private var sounds: [String: Result<StoredSound, any Error>] = [:]
    private var measured: [String: Result<[SegmentValue], any Error>] = [:]

    init(_ film: FilmContext) { self.film = film }

    /// A sound, made when it is first asked for.
    func sound(_ name: String, make: (_ name: String) throws -> StoredSound) throws -> StoredSound {
        if let known = sounds[name] { return try known.get() }
        try film.request.checkpoint()
        let result = Result { try make(name) }
        sounds[name] = result
        return try result.get()
    }

    /// Keeps a sound that was made along with others.
    func keep(_ sound: StoredSound, as name: String) { sounds[name] = .success(sound) }

    /// A file for a sound.
    func recorder(_ name: String, rate: Int? = nil, limit: Int = .max) throws(FilmError) -> SoundRecorder {
        try SoundRecorder(
            path: film.request.scratch.appendingPathComponent("derived.\(name).f32").path,
            sampleRate: rate ?? film.clock.sampleRate, limit: limit)
    }

    /// Codes of the film's length as sound.
    func decoded(_ name: String, limit: Int? = nil, _ codes: () throws -> Tensor<Int32>) throws -> StoredSound {
        try sound(name) { name in
            let recorder = try recorder(name, limit: limit ?? film.original.sampleCount)
            let codes = try codes()
            guard codes.shape[1] > 0 else { return try recorder.finish() }
            let encoded = EncodedAudio(
                chunks: [.init(codes: codes)], sampleCount: codes.shape[1] * film.clock.hopLength)
            try film.request.codec.model.decode(encoded, threadCount: film.request.threadCount) {
                try recorder.write(Array($0))
            }
            return try recorder.finish()
        }
    }

    /// A sound at another rate.
    func resampled(_ sound: StoredSound, to rate: Int, as name: String) throws -> StoredSound {
        try self.sound(name) { name in
            let recorder = try recorder(name, rate: rate)
            let resampler = try StreamingResampler(from: sound.sampleRate, to: rate, channelCount: 1)
            var ready: [Float] = []
            try sound.forEachBlock { block in
                try block.withUnsafeBufferPointer { try resampler.process($0, appendingTo: &ready) }
                try recorder.write(ready)
                ready.removeAll(keepingCapacity: true)
            }
            try resampler.finish(appendingTo: &ready)
            try recorder.write(ready)
            return try recorder.finish()
        }
    }

    /// One row a metric, one value a segment; each sound is measured by each metric once.
    func measure(
        _ metrics: [Metric], of sound: StoredSound, named name: String, against reference: StoredSound? = nil
    ) throws -> [[SegmentValue]] {
        let keys = metrics.map { "\(name) \(reference?.path ?? "") \($0.descriptor.id)" }
        let missing = metrics.indices.filter { measured[keys[$0]] == nil }
        if !missing.isEmpty {
            let reader = SegmentReader(
                test: sound, reference: reference ?? film.original, clock: film.clock, dropsFrames: false)
            let found = try film.measure(missing.map { metrics[$0] }, through: reader)
            for (index, values) in zip(missing, found) { measured[keys[index]] = .success(values) }
        }
        return try keys.map { key in try measured[key]?.get() ?? [] }
    }

    /// One of the film's versions, measured once.
    func measure(_ metrics: [Metric], of version: FilmVersion) throws -> [[SegmentValue]] {
        try measure(metrics, of: film.sound(version), named: version.id)
    }
}

/// The mean of what was measured, and how much it speaks for.
struct SegmentMean {
    let value: Double
    let count: Int

    /// Nil where no segment has a finite value.
    init?(_ values: [SegmentValue], label: ContentLabel? = nil) {
        let numbers = values.filter { label == nil || $0.label == label }.compactMap(\.number).filter(\.isFinite)
        guard !numbers.isEmpty else { return nil }
        value = numbers.reduce(0, +) / Double(numbers.count)
        count = numbers.count
    }
}
