internal import NumericCore

extension FeatureManifest {
    /// Says whether the parts fit each other.
    ///
    /// - Parameter path: For the error.
    /// - Throws: ``FeatureError/badManifest(path:problem:)`` with the first contradiction.
    public func check(path: String) throws(FeatureError) {
        if let problem = recipe.problem ?? problem { throw .badManifest(path: path, problem: problem) }
    }

    /// The first contradiction between recipe and array, or nil.
    private var problem: String? {
        let rank = recipe.format == .encodecFlat || recipe.format == .mel2D ? 2 : 3
        guard shape.count == rank else { return "shape \(shape) should have \(rank) dimensions" }
        // Every product of accepted extents is below 2^60.
        guard (0...Self.maximumTRCount).contains(trCount), shape.dropFirst().allSatisfy({ (1...1 << 20).contains($0) })
        else { return "shape \(shape) has an extent outside 0...\(Self.maximumTRCount) TRs or 1...\(1 << 20)" }
        let isFloat = elementType.isFloatingPoint
        guard isFloat != (recipe.format == .encodec || recipe.format == .encodecFlat), elementType != .bool else {
            return "dtype \(elementType.rawValue) does not fit format \(recipe.format.rawValue)"
        }
        guard Self.isDigest(arraySHA256) else { return "array_sha256 is not 64 hexadecimal digits in lower case" }
        guard Self.isText(toolVersion) else { return "tool_version is not a text of 1 to 200 characters" }
        if let decibelReference {
            guard !recipe.format.isCodes, decibelReference.isFinite, decibelReference > 0 else {
                return "db_reference \(decibelReference) must be above 0, and belongs to mel features only"
            }
        }
        return widthProblem ?? frameCountProblem
    }

    /// Whether the columns are what codebooks, bins and frames make of them.
    private var widthProblem: String? {
        guard let frames = framesPerTR else {
            guard recipe.format == .mel2D else { return "frames_per_tr is missing" }
            return shape[1] == recipe.mel?.binCount ? nil : "shape \(shape) does not have the filters of mel_bins"
        }
        guard recipe.format != .mel2D, (1...1 << 20).contains(frames) else {
            return "frames_per_tr \(frames) is outside 1...\(1 << 20), or belongs to a format without frames"
        }
        let rows = recipe.codec?.codebookCount ?? recipe.mel?.binCount ?? 0
        switch recipe.format {
        case .encodecFlat:
            guard shape[1].isMultiple(of: frames), shape[1] / frames >= rows else {
                return "shape \(shape) does not hold \(rows) codebooks of \(frames) frames"
            }
        case .encodec, .encodecPredictions, .mel:
            guard shape[1] == rows, shape[2] == frames else {
                return "shape \(shape) is not \(rows) rows of \(frames) frames"
            }
        case .mel2D: break
        }
        return nil
    }

    private var frameCountProblem: String? {
        guard let frameCounts else { return nil }
        guard frameCounts.count == trCount else {
            return "n_frames has \(frameCounts.count) entries for \(trCount) TRs"
        }
        let limit = framesPerTR ?? 1 << 20
        guard let bad = frameCounts.first(where: { !(0...limit).contains($0) }) else { return nil }
        return "n_frames holds \(bad), outside 0...\(limit)"
    }

    static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    static func isText(_ text: String) -> Bool { (1...200).contains(text.unicodeScalars.count) }
}

extension FeatureRecipe {
    /// The first setting that makes no sense, or nil.
    var problem: String? {
        guard format.isCodes == (codec != nil), format.isCodes == (mel == nil) else {
            return
                "format \(format.rawValue) needs \(format.isCodes ? "a codec and no mel filters" : "mel filters and no codec")"
        }
        guard format.isCodes == (grid != .melSlots) else {
            return "grid \(grid.rawValue) does not fit format \(format.rawValue)"
        }
        guard (1...10_000_000).contains(sampleRate) else { return "sample_rate \(sampleRate) is outside 1...10000000" }
        guard (1...1 << 24).contains(hopLength) else { return "hop_length \(hopLength) is outside 1...\(1 << 24)" }
        if let limit = maximumTRCount, !(0...FeatureManifest.maximumTRCount).contains(limit) {
            return "max_trs \(limit) is outside 0...\(FeatureManifest.maximumTRCount)"
        }
        return codec?.problem ?? mel?.problem ?? source?.problem
    }
}

extension FeatureRecipe.Codec {
    fileprivate var problem: String? {
        guard FeatureManifest.isText(identifier) else { return "codec is not a text of 1 to 200 characters" }
        guard FeatureManifest.isDigest(weightsSHA256) else { return "weights_sha256 is not 64 hexadecimal digits" }
        guard bandwidthKbps > 0, bandwidthKbps <= 1000 else { return "bandwidth_kbps \(bandwidthKbps) is no bandwidth" }
        guard (1...1024).contains(codebookCount) else { return "codebooks \(codebookCount) is outside 1...1024" }
        return nil
    }
}

extension FeatureRecipe.Mel {
    fileprivate var problem: String? {
        guard (1...65_536).contains(binCount) else { return "mel_bins \(binCount) is outside 1...65536" }
        guard (1...1 << 24).contains(fftLength) else { return "fft_length \(fftLength) is outside 1...\(1 << 24)" }
        return nil
    }
}

extension FeatureRecipe.Source {
    fileprivate var problem: String? {
        guard FeatureManifest.isDigest(sha256) else { return "source_sha256 is not 64 hexadecimal digits" }
        guard FeatureManifest.isText(decoderBackend), FeatureManifest.isText(resampler) else {
            return "decoder_backend and resampler must be texts of 1 to 200 characters"
        }
        return nil
    }
}
