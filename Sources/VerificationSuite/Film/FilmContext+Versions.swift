internal import AudioIO
internal import EnCodec
internal import FeaturePipeline
internal import Foundation
public import NumericCore

extension FilmContext {
    /// A version of the film, made when it is first asked for.
    ///
    /// - Parameter version: Which.
    /// - Returns: Its sound on disk, at 22,050 Hz for the mel path and at the codec's rate otherwise.
    /// - Throws: What broke, the same again whenever it is asked for; ``NotMeasurable`` for what cannot be made yet.
    public func sound(_ version: FilmVersion) throws -> StoredSound {
        if let made = made[version] { return try made.get() }
        try request.checkpoint()
        let result: Result<StoredSound, any Error> = Result { try make(version) }
        made[version] = result
        return try result.get()
    }

    /// Codes of the whole film.
    ///
    /// - Parameter kbps: One of the codec's bandwidths.
    /// - Returns: (codebooks, frames).
    /// - Throws: `EncodecError`, ``FilmError``.
    public func codes(_ kbps: Double) throws -> Tensor<Int32> {
        let count = try request.codec.model.configuration.codebookCount(forBandwidth: kbps)
        let all = try codesOfHighestBandwidth()
        // A residual quantiser's lower bandwidths are the first codebooks of the higher ones.
        return Tensor(Array(all.elements.prefix(count * all.shape[1])), shape: [count, all.shape[1]])
    }

    private func codesOfHighestBandwidth() throws -> Tensor<Int32> {
        if let allCodes { return try allCodes.get() }
        let result: Result<Tensor<Int32>, any Error> = Result {
            try timed("encodec.encode") {
                let encoded = try request.codec.model.encode(
                    from: original.makeSource(), bandwidthKbps: bandwidths.last ?? bandwidthKbps,
                    threadCount: request.threadCount)
                guard let codes = encoded.chunks.first?.codes else { throw EncodecError.emptyInput(what: "film") }
                return codes
            }
        }
        allCodes = result
        return try result.get()
    }

    private func make(_ version: FilmVersion) throws -> StoredSound {
        switch version {
        case .original: original
        case .encodec(let kbps):
            try timed("\(version.id).decode") { try decode(codes(kbps), as: version, limit: original.sampleCount) }
        case .grid(let mode):
            try decode(throughGrid(mode), as: version)
        case .griffinLim(.bottleneck): try predictedMel(as: version)
        case .predicted(let head): try predictedCodes(head, as: version)
        case .griffinLim(let melCase):
            try timed(version.id) { try griffinLim(melCase, as: version) }
        case .features: try givenFeatures(version)
        case .resampled: try resample(sound(.atMelRate(.original)), to: clock.sampleRate, as: version)
        case .atMelRate(let inner) where try sound(inner).sampleRate == GriffinLimPath.sampleRate: try sound(inner)
        case .atMelRate(let inner): try resample(sound(inner), to: GriffinLimPath.sampleRate, as: version)
        case .silence, .noise, .shuffledCodes, .neighbouringCodes, .zeroedCodebooks, .shiftedFrame:
            try control(version)
        }
    }

    /// Runs work and keeps its seconds.
    private func timed<Value>(_ name: String, _ work: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        defer { timings[name] = (ContinuousClock.now - start) / .seconds(1) }
        return try work()
    }

    func recorder(_ version: FilmVersion, rate: Int, limit: Int = .max) throws(FilmError) -> SoundRecorder {
        try SoundRecorder(
            path: request.scratch.appendingPathComponent("\(version.id).f32").path, sampleRate: rate, limit: limit,
            checkpoint: request.checkpoint)
    }

    func decode(_ codes: Tensor<Int32>, as version: FilmVersion, limit: Int = .max) throws -> StoredSound {
        let recorder = try recorder(version, rate: clock.sampleRate, limit: limit)
        guard codes.shape[1] > 0 else { return try recorder.finish() }
        let encoded = EncodedAudio(chunks: [.init(codes: codes)], sampleCount: codes.shape[1] * clock.hopLength)
        try request.codec.model.decode(encoded, threadCount: request.threadCount) { try recorder.write(Array($0)) }
        return try recorder.finish()
    }

    private func throughGrid(_ mode: TRGrid.Mode) throws -> Tensor<Int32> {
        let grid = TRGrid(mode, clock)
        let split = grid.split(try codes(bandwidthKbps), trCount: trCount)
        return try grid.join(split.codes, frameCounts: split.frameCounts)
    }

    private func resample(_ sound: StoredSound, to rate: Int, as version: FilmVersion) throws -> StoredSound {
        let recorder = try recorder(version, rate: rate)
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

    /// The sound of the given features, at the rate of the mel path for mel features and at the codec's for codes.
    private func givenFeatures(_ version: FilmVersion) throws -> StoredSound {
        guard let features = request.features else { throw NotMeasurable("no features are given") }
        guard [clock.sampleRate, GriffinLimPath.sampleRate].contains(features.processor.sampleRate) else {
            throw NotMeasurable(
                "the features sound at \(features.processor.sampleRate) Hz, the run's codec at \(clock.sampleRate) Hz",
                remedy: "pass --codec with the codec of the features")
        }
        let recorder = try recorder(version, rate: features.processor.sampleRate)
        try timed("features.decode") {
            try features.processor.audio(
                from: features.input, seed: request.seed, threadCount: request.threadCount
            ) { try recorder.write(Array($0)) }
        }
        return try recorder.finish()
    }

    /// The film at the rate that a version has.
    ///
    /// - Parameter version: Which.
    /// - Returns: The film itself, or the film at the rate of the mel path.
    /// - Throws: What making the version throws.
    public func reference(of version: FilmVersion) throws -> FilmVersion {
        try sound(version).sampleRate == clock.sampleRate ? .original : .atMelRate(.original)
    }

    private func griffinLim(_ melCase: FilmVersion.MelCase, as version: FilmVersion) throws -> StoredSound {
        let input = try sound(.atMelRate(.original))
        let recorder = try recorder(version, rate: GriffinLimPath.sampleRate)
        let path = try GriffinLimPath(
            repetitionTime: request.repetitionTime, trCount: trCount, isAverage: melCase == .average)
        try path.run(input, seed: request.seed) { try recorder.write($0) }
        return try recorder.finish()
    }
}
