public import EnCodec
public import SignalProcessing

/// Turns sound into features by TR, and features back into sound.
///
/// Codes are made of the whole film in one stream, for each code depends on all sound before it; TRs are cut afterwards.
/// Of a film nothing but the features is held in memory: 33 MB an hour of codes at 6 kbps, 1.3 GB of mel features, or a
/// few TRs of these where they go straight into a file.
public struct AudioProcessor: Sendable {
    /// What to make.
    public struct Configuration: Sendable, Equatable {
        /// Codes instead of mel features.
        public var useEncodec = PipelineDefaults.useEncodec
        /// One vector a TR: flat codes, or mel features averaged over each TR.
        public var isVectorPerTR = false
        /// Bandwidth of codes in kbps.
        public var bandwidthKbps = PipelineDefaults.bandwidthKbps
        /// The time of one row.
        public var repetitionTime = RepetitionTime.standard
        /// Keep no more rows than these, or nil; levels of mel features are relative to the whole film all the same.
        public var maximumTRCount: Int?
        /// How code frames are dealt out: `exact` is the correct behaviour, `seed112` the compatible one.
        public var codeGrid = TRGrid.Mode.exact
        /// Whether mel features keep their level and length; codes have the behaviour of their grid.
        public var melBehaviour = FeatureRecipe.Behaviour.correct
        /// Conventions of mel features.
        public var mel = MelConfiguration.legacy

        /// The defaults.
        public init() {}

        /// What the array will be.
        public var format: FeatureRecipe.Format {
            switch (useEncodec, isVectorPerTR) {
            case (true, false): .encodec
            case (true, true): .encodecFlat
            case (false, false): .mel
            case (false, true): .mel2D
            }
        }

        /// The behaviour that is written into manifests.
        public var behaviour: FeatureRecipe.Behaviour {
            guard useEncodec else { return melBehaviour }
            return codeGrid == .exact ? .correct : .compat
        }
    }

    /// A codec and its identity.
    public struct Codec: Sendable {
        /// The network.
        public let model: EncodecModel
        /// What the user asked for.
        public let identifier: String
        /// SHA-256 of the weights file.
        public let weightsSHA256: String

        /// Loads a codec.
        ///
        /// - Parameter files: Where it lies.
        /// - Throws: `EncodecError`.
        public init(_ files: CodecFiles) throws(EncodecError) {
            model = try files.load()
            identifier = files.specification
            weightsSHA256 = try files.weightsDigest()
        }
    }

    /// What to make.
    public let configuration: Configuration
    /// The codec, when there are codes to make or to decode.
    public let codec: Codec?
    /// Where frames stand.
    public let clock: FrameClock

    /// Prepares a processor.
    ///
    /// - Parameters:
    ///   - configuration: What to make.
    ///   - codec: Needed exactly for codes.
    /// - Throws: ``FeatureError/badRequest(problem:)`` for codes without a codec, a codec in stereo or in chunks, a
    ///   limit of TRs below 0, or a TR shorter than a frame; `EncodecError` for a bandwidth the codec does not have.
    public init(_ configuration: Configuration, codec: Codec? = nil) throws {
        if let limit = configuration.maximumTRCount, !(0...FeatureManifest.maximumTRCount).contains(limit) {
            throw FeatureError.badRequest(
                problem:
                    "a limit of \(limit) TRs is outside 0...\(FeatureManifest.maximumTRCount); give a number inside")
        }
        self.configuration = configuration
        self.codec = codec
        guard configuration.useEncodec else {
            clock = try FrameClock(
                repetitionTime: configuration.repetitionTime, sampleRate: configuration.mel.sampleRate,
                hopLength: configuration.mel.layout.hopLength)
            return
        }
        guard let codec else {
            throw FeatureError.badRequest(problem: "codes need a codec; give one, or ask for mel features")
        }
        _ = try codec.model.configuration.codebookCount(forBandwidth: configuration.bandwidthKbps)
        clock = try Self.clock(of: codec, repetitionTime: configuration.repetitionTime)
    }

    /// Samples a second of the sound that goes in and comes out, one channel.
    public var sampleRate: Int { clock.sampleRate }

    /// Where a codec's frames stand.
    static func clock(of codec: Codec, repetitionTime: RepetitionTime) throws(FeatureError) -> FrameClock {
        let settings = codec.model.configuration
        guard settings.isStreamable, settings.audioChannels == 1 else {
            throw .badRequest(
                problem:
                    "codec '\(codec.identifier)' works in chunks or in stereo, which have no place in TRs; give a mono "
                    + "codec without chunks, such as the 24 kHz one")
        }
        return try FrameClock(
            repetitionTime: repetitionTime, sampleRate: settings.samplingRate, hopLength: settings.hopLength)
    }
}
