extension AutoencoderConfiguration {
    /// Checks sizes and choices that came from outside; a model built from checked ones never traps.
    ///
    /// - Throws: `ModelConfigurationError`.
    public func check() throws(ModelConfigurationError) {
        try encoder.check()
        try decoder.check()
        guard encoder.bottleneckWidth == decoder.bottleneckWidth else {
            throw .mismatch(
                first: "an encoder with a bottleneck of \(encoder.bottleneckWidth)",
                second: "a decoder with one of \(decoder.bottleneckWidth)")
        }
    }
}

extension EncoderConfiguration {
    /// Checks sizes and choices that came from outside.
    ///
    /// - Throws: `ModelConfigurationError`.
    public func check() throws(ModelConfigurationError) {
        for (name, stack) in [("video", video), ("text", text)] {
            guard let stack else { continue }
            try stack.check(name)
        }
        try audio?.check()
        guard featureWidth > 0 else { throw .size(name: "number of modalities", value: 0, minimum: 1) }
        try ModelConfigurationError.requireWidths("encoder widths", hiddenWidths)
        try ModelConfigurationError.requireSizes([
            ("bottleneck width", bottleneckWidth), ("voxel count", voxelCount ?? 1),
            ("width before the voxels", voxelHiddenWidth),
        ])
    }
}

extension VectorEncoderConfiguration {
    func check(_ name: String) throws(ModelConfigurationError) {
        try ModelConfigurationError.requireSizes([("\(name) input count", inputCount)])
        try ModelConfigurationError.requireWidths("\(name) widths", widths)
        guard widths.count == dropoutRates.count else {
            throw .mismatch(
                first: "\(widths.count) \(name) widths", second: "\(dropoutRates.count) dropout rates for them")
        }
        for rate in dropoutRates { try ModelConfigurationError.requireRate("\(name) dropout rate", rate) }
    }
}

extension AudioEncoderConfiguration {
    /// Checks sizes and choices that came from outside.
    ///
    /// - Throws: `ModelConfigurationError`.
    public func check() throws(ModelConfigurationError) {
        try format.check()
        try ModelConfigurationError.requireSizes([
            ("audio hidden width", hiddenWidth), ("audio output width", outputWidth),
        ])
        guard design == .convolution else { return }
        try ModelConfigurationError.requireSizes([
            ("embedding width", embeddingWidth), ("convolution width", scaleWidth),
        ])
    }
}

extension AudioFormat {
    func check() throws(ModelConfigurationError) {
        switch self {
        case .codes(let codebooks, let frames, let vocabulary):
            try ModelConfigurationError.requireSizes([
                ("codebook count", codebooks), ("frame count", frames), ("vocabulary size", vocabulary),
            ])
        case .mel(let bins, let frames):
            try ModelConfigurationError.requireSizes([("mel bin count", bins), ("frame count", frames)])
        }
    }
}

extension DecoderConfiguration {
    /// Checks sizes and choices that came from outside.
    ///
    /// - Throws: `ModelConfigurationError`.
    public func check() throws(ModelConfigurationError) {
        try ModelConfigurationError.requireSizes([
            ("bottleneck width", bottleneckWidth), ("video output count", videoCount ?? 1),
            ("text output count", textCount ?? 1),
        ])
        try ModelConfigurationError.requireWidths("decoder widths", trunkWidths)
        for (name, widths) in [("video", videoWidths), ("audio", audioWidths), ("text", textWidths)] {
            try ModelConfigurationError.requireWidths("decoder \(name) widths", widths)
        }
        try ModelConfigurationError.requireRate("decoder dropout rate", dropoutRate)
        guard videoCount != nil || audio != nil || textCount != nil else {
            throw .size(name: "number of decoded modalities", value: 0, minimum: 1)
        }
        guard let audio else { return }
        try audio.check()
        switch (audioHead, audio) {
        case (.mel, .mel), (.regression, .codes), (.classification, .codes): break
        case (.factorizedClassification(let width), .codes):
            try ModelConfigurationError.requireSizes([("features of a frame", width)])
        case (.mel, .codes): throw .mismatch(first: "a mel audio head", second: "codes to predict")
        case (.regression, .mel), (.classification, .mel), (.factorizedClassification, .mel):
            throw .mismatch(first: "an audio head for codes", second: "mel features to predict")
        }
    }
}
