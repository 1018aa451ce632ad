extension ConvolutionBenchmark {
    /// Measures on one thread, as stages of the pipeline are: a row for each of SciPy's ways.
    ///
    /// - Parameters:
    ///   - repeats: Measurements of ours; SciPy's, which take half a minute, are made once.
    ///   - python: Python that runs SciPy; nil measures ours alone.
    ///   - repetitionSeconds: The time of one row of the array.
    /// - Returns: Two rows, or one without a peer.
    /// - Throws: As ``run(threadCounts:repeats:peerRepeats:python:)``.
    func pipelineRows(
        repeats: Int, python: String?, repetitionSeconds: Double
    ) throws -> [PipelineBenchReport.Row] {
        let rows = try run(threadCounts: [1], repeats: repeats, peerRepeats: 1, python: python)
        guard let ours = rows.first(where: { $0.engine == .ours }) else { return [] }
        let peers = rows.filter { $0.engine != .ours }
        let engines = peers.isEmpty ? [Engine.convolve] : peers.map(\.engine)
        return engines.map { engine in
            var row = PipelineBenchReport.Row(
                stage: "hrf", title: "haemodynamic response, \(rowCount) x \(columnCount)",
                errorName: "largest difference between the two over the peak", peer: engine.title,
                soundSeconds: Double(rowCount) * repetitionSeconds)
            row.ourSeconds = ours.seconds
            let peer = peers.first { $0.engine == engine }
            row.peerSeconds = peer?.seconds ?? []
            row.notMeasured = peer?.notMeasured
            row.ourError = agreements.first { $0.engine == engine }?.differenceToPeak
            return row
        }
    }
}
