import Glibc

/// How far two arrays of features agree: one row a TR, or one row a latent frame.
public struct FeatureComparison: Sendable {
    /// One entry a metric, as of an audio panel.
    public let entries: [MetricReport.Entry]
    /// Cosine of every row pair; nil where a row is zero.
    public let rowCosines: [Double?]

    /// Compares row by row.
    ///
    /// - Parameters:
    ///   - reference: Row-major (row, feature).
    ///   - test: Row-major (row, feature); NaN or another count makes every entry answer with a reason.
    ///   - featureCount: Features a row, at least 1.
    public init(reference: [Float], test: [Float], featureCount: Int) {
        precondition(featureCount >= 1, "\(featureCount) features a row")
        let shapes = ([reference.count], [test.count])
        var problem: MetricResult?
        if shapes.0 != shapes.1 || !reference.count.isMultiple(of: featureCount) {
            problem = .notApplicable(
                .shapesDiffer(reference: shapes.0 + [featureCount], test: shapes.1 + [featureCount]))
        } else if reference.isEmpty {
            problem = .notApplicable(.tooShort(sampleCount: 0, needed: featureCount))
        } else if let index = reference.firstIndex(where: { !$0.isFinite }) {
            problem = .failed(.nonFinite(signal: "reference", index: index))
        } else if let index = test.firstIndex(where: { !$0.isFinite }) {
            problem = .failed(.nonFinite(signal: "test", index: index))
        }
        if let problem {
            rowCosines = []
            entries = Self.descriptors.map { MetricReport.Entry(metric: $0, result: problem) }
            return
        }
        rowCosines = (0..<reference.count / featureCount).map { row in
            Self.cosine(reference, test, row * featureCount..<(row + 1) * featureCount)
        }
        let results = [
            Self.meanCosine(rowCosines), Self.relativeError(reference, test),
            Self.temporalDistance(reference, test, featureCount),
        ]
        entries = zip(Self.descriptors, results).map { MetricReport.Entry(metric: $0, result: $1) }
    }

    private static func cosine(_ x: [Float], _ y: [Float], _ range: Range<Int>) -> Double? {
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for index in range {
            let (a, b) = (Double(x[index]), Double(y[index]))
            xx += a * a
            xy += a * b
            yy += b * b
        }
        return xx > 0 && yy > 0 ? min(max(xy / (xx * yy).squareRoot(), -1), 1) : nil
    }

    private static func meanCosine(_ cosines: [Double?]) -> MetricResult {
        let values = cosines.compactMap { $0 }.sorted()
        guard !values.isEmpty else { return .notApplicable(.silentReference) }
        return .value(
            Measurement(
                values.reduce(0, +) / Double(values.count),
                details: [("rows", Double(values.count)), ("p05", Quantile.of(values, 0.05)), ("worst", values[0])]))
    }

    private static func relativeError(_ x: [Float], _ y: [Float]) -> MetricResult {
        var (error, energy) = (CompensatedSum(), CompensatedSum())
        for index in x.indices {
            let step = Double(x[index]) - Double(y[index])
            error.add(step * step)
            energy.add(Double(x[index]) * Double(x[index]))
        }
        guard energy.value > 0 else { return .notApplicable(.silentReference) }
        return .value((error.value / energy.value).squareRoot())
    }

    /// Relative L2 distance of the changes from row to row: what a constant or a slow average loses.
    private static func temporalDistance(_ x: [Float], _ y: [Float], _ featureCount: Int) -> MetricResult {
        guard x.count > featureCount else {
            return .notApplicable(.tooShort(sampleCount: x.count, needed: 2 * featureCount))
        }
        var (error, energy) = (CompensatedSum(), CompensatedSum())
        for index in featureCount..<x.count {
            let dx = Double(x[index]) - Double(x[index - featureCount])
            let dy = Double(y[index]) - Double(y[index - featureCount])
            error.add((dx - dy) * (dx - dy))
            energy.add(dx * dx)
        }
        guard energy.value > 0 else { return .notApplicable(.silentReference) }
        return .value((error.value / energy.value).squareRoot())
    }

    private static let descriptors = [
        descriptor("features.row_cosine", "per-TR cosine", .higherIsBetter, -1...1, blind: "scale of each row"),
        descriptor("features.relative_l2", "latent error", .lowerIsBetter, .nonNegative, blind: "which rows differ"),
        descriptor("features.change_l2", "error of changes", .lowerIsBetter, .nonNegative, blind: "constant offsets"),
    ]

    private static func descriptor(
        _ id: String, _ title: String, _ direction: MetricDescriptor.Direction, _ range: ClosedRange<Double>,
        blind: String
    ) -> MetricDescriptor {
        MetricDescriptor(
            id: id, title: title, unit: "1", direction: direction, range: range,
            validInput: "arrays of one shape, one row a TR or latent frame", blindSpots: blind, source: "definition")
    }
}
