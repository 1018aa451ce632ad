internal import Autoencoder
internal import FeaturePipeline
public import Verification

extension FilmContext {
    /// Measures one segment of a finding again, with the intermediate values that its metric tells.
    ///
    /// - Parameters:
    ///   - id: Of a finding of `quality` or `roundtrip`.
    ///   - segment: Position in the finding's segments.
    /// - Returns: A value with its details, or a reason; nil where the finding is no metric on this film, or the segment
    ///   is silent.
    /// - Throws: What making the version throws.
    public func measureAgain(_ id: String, segment: Int) throws -> MetricResult? {
        guard let dot = id.lastIndex(of: "."),
            let metric = QualityMetric.panel.first(where: { $0.name == id[id.index(after: dot)...] })?.metric
        else { return nil }
        var prefix = id[..<dot]
        let isAligned = prefix.hasSuffix(".realigned")
        if isAligned { prefix = prefix.dropLast(".realigned".count) }
        let version = prefix == "quality" ? subject : shownVersion(prefix)
        guard let version else { return nil }
        return try result(
            metric, of: version, against: reference(of: version), segment: segment, isAligned: isAligned)
    }

    /// The version whose round trip has an id such as `roundtrip.grid.exact`.
    private func shownVersion(_ prefix: Substring) -> FilmVersion? {
        let versions: [FilmVersion] =
            bandwidths.map { .encodec(kbps: $0) } + [.grid(.exact), .grid(.seed112), .resampled]
            + TrainedHead.allCases.map { .predicted($0) }
            + FilmVersion.MelCase.allCases.map { .griffinLim($0) }
        return versions.first { prefix == "roundtrip.\($0.id)" }
    }
}
