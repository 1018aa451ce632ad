internal import EnCodec
internal import FeaturePipeline
internal import NumericCore
internal import Verification

/// The design's table of shapes and element types, row by row, for 920 TRs of 1.5 s.
///
/// Rows about sound and codes are computed by the pipeline itself on synthetic codes of the full length. Where the design
/// writes a rounded number the exact one is asked for, and the note says both.
struct DimensionTable {
    typealias Row = (id: String, title: String, expected: String, note: String, make: () throws -> String)

    private static let trCount = 920
    private static let codebookCount = 8

    static var checks: [any Check] {
        let table = DimensionTable()
        return (table.measuredRows + ModelDimensions().rows).map(check)
    }

    private static func plan(_ id: String, _ title: String, expected: String) -> FindingPlan {
        FindingPlan(
            id: "features.dimensions.\(id)", check: "features.dimensions.\(id)", phase: 1,
            title: "\(title): \(expected)", unit: "rows differ", variant: "features.dimensions", direction: .lower,
            source: "Dimension table of the design document")
    }

    /// Holds one row against what the pipeline gives.
    static func check(_ row: Row) -> any Check {
        let plan = plan(row.id, row.title, expected: row.expected)
        return SimpleCheck([plan]) { record in
            let found = try row.make()
            let note = ["found \(found)", row.note].filter { !$0.isEmpty }.joined(separator: "; ")
            try record(
                Finding(
                    plan, .value(found == row.expected ? 0 : 1), population: 1, populationUnit: "rows", note: note))
        }
    }

    private var measuredRows: [Row] {
        let (trs, books) = (Self.trCount, Self.codebookCount)
        let loss = "the design writes 103000; 920 TRs of 1.5 s at 75 frames a second are 103500"
        return [
            (
                "raw_audio", "Raw audio", "(33120000) float32", "the design writes 33M",
                {
                    try text([clock.sampleCount(ofTRs: trs)], .float32)
                }
            ),
            ("codes", "EnCodec codes", "(\(books), 103500) int32", loss, { try text(codes.shape, .int32) }),
            (
                "grouped", "Grouped by TR", "(\(trs), \(books), 112) int32", "exact grid: 113 columns, nothing dropped",
                {
                    try text(split(.seed112).shape, .int32)
                }
            ),
            (
                "after_hrf", "After HRF", "(\(trs), \(books), 112) int32", "",
                {
                    let response = TRConvolution(try HemodynamicResponse(.nilearn), crop: .same)
                    return try text(IndexConvolution.convolve(split(.seed112), with: response).codes.shape, .int32)
                }
            ),
            (
                "rounded", "Rounded codes", "(\(trs), \(books), 112) int32 in 0...1023",
                "from predictions of -200 ... 1223",
                {
                    let codes = try rounded()
                    let isInside = codes.elements.allSatisfy { (0...1023).contains($0) }
                    return "\(text(codes.shape, .int32)) \(isInside ? "in" : "beyond") 0...1023"
                }
            ),
            (
                "concatenated", "Concatenated codes", "(\(books), 103040) int32", "exact grid: 103500",
                {
                    try text(TRGrid(.seed112, clock).join(split(.seed112)).shape, .int32)
                }
            ),
            (
                "decoded", "Decoded audio", "(32972800) float32", "the design writes 33M; exact grid: 33120000",
                {
                    try text([clockJoined(.seed112)], .float32)
                }
            ),
            (
                "decoded_exact", "Decoded audio of the exact grid", "(33120000) float32", "",
                {
                    try text([clockJoined(.exact)], .float32)
                }
            ),
        ]
    }

    private var clock: FrameClock {
        get throws { try FrameClock(repetitionTime: .standard, sampleRate: 24_000, hopLength: 320) }
    }

    /// Codes of the length that 23 minutes have; each is inside the codebook.
    private var codes: Tensor<Int32> {
        get throws {
            let frames = EncodecConfiguration().frameCount(forSamples: try clock.sampleCount(ofTRs: Self.trCount))
            let elements = (0..<Self.codebookCount * frames).map { Int32($0 * 7919 % 1024) }
            return Tensor(elements, shape: [Self.codebookCount, frames])
        }
    }

    private func split(_ mode: TRGrid.Mode) throws -> Tensor<Int32> {
        try TRGrid(mode, clock).split(codes, trCount: Self.trCount).codes
    }

    private func clockJoined(_ mode: TRGrid.Mode) throws -> Int {
        try TRGrid(mode, clock).join(split(mode)).shape[1] * clock.hopLength
    }

    /// What reading a model's predictions makes of them.
    private func rounded() throws -> Tensor<Int32> {
        let shape = [Self.trCount, Self.codebookCount, 112]
        let predictions = Tensor((0..<shape.reduce(1, *)).map { Float($0 % 1424) - 200.25 }, shape: shape)
        let input = try FeatureInput(
            NumericArray(predictions, origin: "predictions"),
            layout: .init(format: .encodecPredictions, grid: .seed112, repetitionTime: .standard), framesPerTR: 112)
        guard case .codes(let codes) = input.values else {
            throw FeatureError.badRequest(problem: "predictions were not read as codes")
        }
        return codes
    }

    private func text(_ shape: [Int], _ type: ArrayElementType) -> String {
        "(\(shape.map { "\($0)" }.joined(separator: ", "))) \(type.rawValue)"
    }
}
