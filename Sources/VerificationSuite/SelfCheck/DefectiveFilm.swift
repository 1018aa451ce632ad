internal import EnCodec
internal import FeaturePipeline
internal import Foundation
internal import NumericCore

/// A film whose pipeline has a defect: the checks see it as they would see any other.
struct DefectiveFilm {
    /// The film without the defect, whose other versions are taken over.
    let sound: FilmContext

    /// A context in which the codec's sound, and where they are wrong its codes, are the defective pipeline's.
    ///
    /// - Parameter defect: What is wrong.
    /// - Returns: A context of its own; the sound one must outlive it.
    /// - Throws: What making the sounds throws; ``NotMeasurable`` where the codec has no room for the defect.
    func make(_ defect: PipelineDefect) throws -> FilmContext {
        var request = sound.request
        request.scratch = sound.request.scratch.appendingPathComponent(defect.rawValue)
        request.reportFolder = nil
        let film = try FilmContext(request)
        do {
            film.made = sound.made.filter { $0.key == .atMelRate(.original) || $0.key.isMelSide }
            film.made[.original] = .success(film.original)
            let made = try product(defect, in: film)
            if let codes = made.codes { film.allCodes = .success(codes) }
            film.made[film.subject] = .success(made.sound)
            film.made[.grid(.exact)] = .success(made.sound)
            return film
        } catch {
            film.close()
            throw error
        }
    }

    /// What a defective pipeline delivers, and its codes where they show the defect.
    private func product(
        _ defect: PipelineDefect, in film: FilmContext
    ) throws -> (sound: StoredSound, codes: Tensor<Int32>?) {
        let sounds = DerivedSounds(film)
        func decoded(_ codes: Tensor<Int32>, seen: Tensor<Int32>? = nil) throws -> (StoredSound, Tensor<Int32>?) {
            (try sounds.decoded(defect.rawValue) { codes }, seen)
        }
        func changed(_ make: (Float) -> Float) throws -> StoredSound {
            try sounds.copied(try sound.sound(sound.subject), as: defect.rawValue, make)
        }
        let codes = try sound.codes(sound.bandwidthKbps)
        let size = film.request.codec.model.configuration.codebookSize
        switch defect {
        case .wrongCodebookTable:
            return try decoded(surplus(codes), seen: nil)
        case .droppedFrames:
            return (try sound.sound(.grid(.seed112)), nil)
        case .zeroPadding:
            let damaged = CodeOperation.zeroedUpper.apply(to: codes, entryCount: size, seed: 0)
            return try decoded(damaged, seen: highest(damaged))
        case .frameMajor:
            return try decoded(Tensor(codes.transposed.elements, shape: codes.shape))
        case .defaultBandwidth:
            return try decoded(sound.codes(sound.bandwidths.first ?? sound.bandwidthKbps))
        case .swappedCodebooks: return try decoded(CodeOperation.swap.apply(to: codes, entryCount: size, seed: 0))
        case .halfPrecision: return try decoded(CodeOperation.halfIndex.apply(to: codes, entryCount: size, seed: 0))
        case .doubleResponse: return try decoded(twiceConvolved())
        case .griffinLim:
            let mel = try sound.sound(.griffinLim(.dense))
            return (try sounds.resampled(mel, to: film.clock.sampleRate, as: defect.rawValue), nil)
        case .silence: return (try changed { _ in 0 }, nil)
        case .lostLevel: return (try changed { $0 / 100 }, nil)
        case .polarity: return (try changed { -$0 }, nil)
        case .shiftedTR: return (try late(sounds, defect.rawValue), nil)
        case .staleDecoder: return (try stale(sounds, defect.rawValue), nil)
        case .nearestResampler: return try decoded(roughlyResampled(sounds))
        }
    }

    /// Codes with as many codebooks of 0 behind them.
    private func surplus(_ codes: Tensor<Int32>) throws -> Tensor<Int32> {
        let most = sound.request.codec.model.configuration.codebookCount
        let count = min(most, 2 * codes.shape[0])
        guard count > codes.shape[0] else {
            throw NotMeasurable(
                "the codec has no more than \(most) codebooks", remedy: "check yourself at a lower bandwidth")
        }
        let zeros = [Int32](repeating: 0, count: (count - codes.shape[0]) * codes.shape[1])
        return Tensor(codes.elements + zeros, shape: [count, codes.shape[1]])
    }

    /// The same codes with the codec's remaining codebooks as they are.
    private func highest(_ codes: Tensor<Int32>) throws -> Tensor<Int32> {
        let all = try sound.codes(sound.bandwidths.last ?? sound.bandwidthKbps)
        return Tensor(codes.elements + all.elements.dropFirst(codes.count), shape: all.shape)
    }

    private func twiceConvolved() throws -> Tensor<Int32> {
        let once = try CodeOperation.convolved(sound.codes(sound.bandwidthKbps), of: sound).codes
        return try CodeOperation.convolved(once, of: sound).codes
    }

    private func late(_ sounds: DerivedSounds, _ name: String) throws -> StoredSound {
        let delay = sound.clock.sampleCount(ofTRs: 1)
        let recorder = try sounds.recorder(name, limit: sound.original.sampleCount)
        try recorder.write([Float](repeating: 0, count: delay))
        try sound.sound(sound.subject).forEachBlock { try recorder.write($0) }
        return try recorder.finish()
    }

    /// The first three seconds over and over.
    private func stale(_ sounds: DerivedSounds, _ name: String) throws -> StoredSound {
        let first = try sound.sound(sound.subject).samples(0..<3 * sound.clock.sampleRate)
        let recorder = try sounds.recorder(name, limit: sound.original.sampleCount)
        guard !first.isEmpty else { return try recorder.finish() }
        while recorder.sampleCount < sound.original.sampleCount { try recorder.write(first) }
        return try recorder.finish()
    }

    /// Codes of sound that came to the codec's rate by the nearest sample.
    private func roughlyResampled(_ sounds: DerivedSounds) throws -> Tensor<Int32> {
        let source = try sound.sound(.atMelRate(.original))
        let rough = Self.nearest(
            try source.allSamples(), from: source.sampleRate, to: sound.clock.sampleRate,
            count: sound.original.sampleCount)
        let encoded = try sound.request.codec.model.encode(
            rough, bandwidthKbps: sound.bandwidthKbps, threadCount: sound.request.threadCount)
        guard let codes = encoded.chunks.first?.codes else { throw EncodecError.emptyInput(what: "film") }
        return codes
    }

    /// Each sample the one before or at its time.
    static func nearest(_ samples: [Float], from source: Int, to target: Int, count: Int) -> [Float] {
        (0..<count).map { samples[min(samples.count - 1, $0 * source / target)] }
    }
}

extension DerivedSounds {
    /// A sound changed sample by sample.
    func copied(
        _ sound: StoredSound, as name: String, _ make: (Float) -> Float
    ) throws -> StoredSound {
        try self.sound(name) { name in
            let recorder = try recorder(name, rate: sound.sampleRate)
            try sound.forEachBlock { block in try recorder.write(block.map(make)) }
            return try recorder.finish()
        }
    }
}

extension FilmVersion {
    /// Whether it comes out of the mel path.
    fileprivate var isMelSide: Bool {
        if case .griffinLim = self { true } else { false }
    }
}
