public import NumericCore

/// Stimulus features and brain data, TR by TR, split into a training and a validation part.
///
/// All modalities are cut to the shortest one at their ends and never stretched. The two parts are contiguous in time
/// with a gap between them, and voxels are standardised with the statistics of the training part only. Whatever was
/// cut or left out is in ``report``.
public struct Dataset: Sendable {
    /// One of the two parts.
    public enum Part: String, Sendable, CaseIterable {
        /// What models learn from.
        case training
        /// What they are judged by.
        case validation
    }

    /// The inputs of a data set.
    public struct Inputs: Sendable {
        /// Audio features of any known format.
        public var audio: NumericArray
        /// Their manifest, or nil.
        public var manifest: FeatureManifest?
        /// (TRs, voxels), all finite, or nil.
        public var fmri: Tensor<Float>?
        /// (TRs, ...), or nil.
        public var video: Tensor<Float>?
        /// (TRs, ...), or nil.
        public var text: Tensor<Float>?

        /// Inputs in memory.
        ///
        /// - Parameters:
        ///   - audio: Audio features.
        ///   - manifest: Their manifest, or nil.
        ///   - fmri: (TRs, voxels), or nil.
        ///   - video: (TRs, ...), or nil.
        ///   - text: (TRs, ...), or nil.
        public init(
            audio: NumericArray, manifest: FeatureManifest? = nil, fmri: Tensor<Float>? = nil,
            video: Tensor<Float>? = nil, text: Tensor<Float>? = nil
        ) {
            (self.audio, self.manifest, self.fmri, self.video, self.text) = (audio, manifest, fmri, video, text)
        }
    }

    /// Audio of all TRs in common.
    public let audio: AudioFeatures
    /// (TRs, voxels), or nil.
    public let fmri: Tensor<Float>?
    /// (TRs, numbers), or nil.
    public let video: Tensor<Float>?
    /// (TRs, numbers), or nil.
    public let text: Tensor<Float>?
    /// What one TR holds.
    public let dimensions: FeatureDimensions
    /// The time of one TR.
    public let repetitionTime: RepetitionTime
    /// How it is split.
    public let split: DatasetSplit
    /// What became of the inputs.
    public let report: DatasetReport

    /// Builds a data set.
    ///
    /// - Parameters:
    ///   - inputs: At least one TR each.
    ///   - repetitionTime: The TR of every input; a manifest must agree.
    ///   - split: How to split; nil for 80 % with a gap as long as the response.
    ///   - behaviour: `compat` keeps zero-padded codebooks.
    ///   - standardizesVoxels: Whether fMRI is brought to mean 0 and deviation 1.
    /// - Throws: ``FeatureError`` for an unrecognised audio format, inputs of wrong rank or with values that are not
    ///   finite, and recordings too short for the split.
    public init(
        _ inputs: Inputs, repetitionTime: RepetitionTime, split: DatasetSplit? = nil,
        behaviour: FeatureRecipe.Behaviour = .correct, standardizesVoxels: Bool = true
    ) throws(FeatureError) {
        let detection = try Self.detect(inputs, repetitionTime)
        let features = try AudioFeatures(inputs.audio, format: detection.format, behaviour: behaviour)
        let lengths = try Self.lengths(inputs)
        let count = lengths.map(\.trCount).min() ?? 0
        let split = split ?? .guarded(repetitionTime: repetitionTime)
        let parts = try split.parts(of: count)
        self.split = split
        let series = inputs.fmri.map { $0.truncated(to: count) }
        let statistics = series.map { VoxelStandardization($0, rows: parts.training) }
        audio = features.gathering(Array(0..<count))
        fmri = series.map { standardizesVoxels ? statistics?.applied(to: $0) ?? $0 : $0 }
        video = inputs.video.map { $0.truncated(to: count).flattened }
        text = inputs.text.map { $0.truncated(to: count).flattened }
        dimensions = FeatureDimensions(
            audio: Array(features.shape.dropFirst()), audioFormat: detection.format, video: video?.shape[1],
            text: text?.shape[1], fmri: fmri?.shape[1])
        self.repetitionTime = repetitionTime
        report = DatasetReport(
            trCount: count,
            lengths: lengths.map {
                .init(modality: $0.modality, trCount: $0.trCount, droppedCount: $0.trCount - count)
            }, training: .init(parts.training, repetitionTime), gap: .init(parts.gap, repetitionTime),
            validation: .init(parts.validation, repetitionTime), isStandardized: standardizesVoxels && fmri != nil,
            constantVoxelCount: statistics?.constantVoxels.count ?? 0, evidence: detection.evidence,
            concerns: detection.concerns)
    }

    /// Rows of a part.
    ///
    /// - Parameter part: Training or validation.
    /// - Returns: TR indices.
    public func rows(of part: Part) -> Range<Int> {
        switch part {
        case .training: report.training.rows
        case .validation: report.validation.rows
        }
    }
}

extension Tensor {
    /// (rows, everything else).
    var flattened: Tensor { reshaped(to: [shape[0], rowSize]) }
}
