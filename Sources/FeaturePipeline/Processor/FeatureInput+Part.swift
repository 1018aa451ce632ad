extension FeatureInput {
    /// Some of the TRs, each with the frames that it has in the whole recording.
    ///
    /// - Parameters:
    ///   - rows: TR indices, not beyond the last TR.
    ///   - clock: The recording's; an exact grid's frame counts depend on the index of the TR.
    /// - Returns: The TRs, read in the same way.
    public func part(_ rows: Range<Int>, clock: FrameClock) -> FeatureInput {
        switch values {
        case .codes(let codes): part(rows, clock: clock, replacedBy: .codes(codes.gathering(Array(rows))))
        case .decibels(let mel): part(rows, clock: clock, replacedBy: .mel(mel.gathering(Array(rows))))
        }
    }

    /// Some of the TRs with other numbers of the same shape, such as a model's predictions.
    ///
    /// - Parameters:
    ///   - rows: TR indices, not beyond the last TR.
    ///   - clock: The recording's.
    ///   - features: The numbers of these TRs.
    /// - Returns: The numbers, read as these TRs are.
    public func part(_ rows: Range<Int>, clock: FrameClock, replacedBy features: AudioFeatures) -> FeatureInput {
        precondition(
            rows.lowerBound >= 0 && rows.upperBound <= (values.shape.first ?? 0) && features.shape[0] == rows.count,
            "TRs \(rows) of \(values.shape) with \(features.shape)")
        var layout = layout
        layout.frameCounts = rows.map { layout.frameCounts?[$0] ?? clock.frames(of: $0).count }
        return switch features {
        case .codes(let codes): FeatureInput(.codes(codes), layout: layout, notes: notes)
        case .mel(let mel): FeatureInput(.decibels(mel), layout: layout, notes: notes)
        }
    }
}
