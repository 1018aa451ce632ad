internal import NumericCore

/// Rows of integer codes.
extension FormatDetectionTable {
    static var codeRows: [Row] { threeAxes + elementTypes + flatRows }

    private static func encodec(_ codebooks: Int, _ frames: Int = 112, padded: Int = 0) -> Expectation {
        .format(.encodec(layout(codebooks, frames, padded: padded)))
    }

    private static func flatCodes(_ codebooks: Int, _ frames: Int = 112, padded: Int = 0) -> Expectation {
        .format(.encodecFlat(layout(codebooks, frames, padded: padded)))
    }

    private static var threeAxes: [Row] {
        let bandwidths = CodeLayout.codebookCounts.map { count in
            Row(
                "int32 codes (10, \(count), 112)", encodec(count), compat: .encodec, head: "codes \(count) x 112"
            ) { codes3D(Int32.self, [10, count, 112]) }
        }
        return bandwidths + [
            Row("int32 codes on the exact grid (10, 8, 113)", encodec(8, 113), compat: .encodec, head: "codes 8 x 113")
            {
                codes3D(Int32.self, [10, 8, 113])
            },
            Row("int32 codes of TR 2 s (6, 8, 150)", encodec(8, 150), compat: .encodec, head: "codes 8 x 150") {
                codes3D(Int32.self, [6, 8, 150])
            },
            Row("one TR of codes (1, 8, 112)", encodec(8), compat: .encodec, head: "codes 8 x 112") {
                codes3D(Int32.self, [1, 8, 112])
            },
            Row(
                "four real and four zero codebooks (10, 8, 112)", encodec(8, padded: 4), compat: .encodec,
                head: "codes 8 x 112"
            ) { codes3D(Int32.self, [10, 8, 112], real: 4) },
            Row(
                "the design's unset bandwidth: two real, six zero codebooks", encodec(8, padded: 6), compat: .encodec,
                head: "codes 8 x 112"
            ) { codes3D(Int32.self, [10, 8, 112], real: 2) },
            Row("five of eight codebooks used", encodec(8), compat: .encodec, head: "codes 8 x 112") {
                codes3D(Int32.self, [10, 8, 112], real: 5)
            },
            Row("one of eight codebooks used", encodec(8, padded: 6), compat: .encodec, head: "codes 8 x 112") {
                codes3D(Int32.self, [10, 8, 112], real: 1)
            },
            Row("a constant codebook that is not 0", encodec(8), compat: .encodec, head: "codes 8 x 112") {
                filled(Int32.self, [3, 8, 112]) { $0 / 112 % 8 == 7 ? 62 : Int32(hash($0) % 1024) }
            },
            Row(
                "one TR of 4 s, or a whole recording (1, 8, 300)",
                .ambiguous([.encodec(layout(8, 300))], mentioning: "one chunk"), compat: .encodec, head: "codes 8 x 300"
            ) { codes3D(Int32.self, [1, 8, 300]) },
            Row(
                "(frames, codebooks, TRs) with the axes swapped",
                .ambiguous([.encodec(layout(8, 20))], mentioning: "swapped"), compat: .encodec, head: "codes 8 x 20"
            ) { codes3D(Int32.self, [112, 8, 20]) },
        ]
    }

    private static var elementTypes: [Row] {
        func row<Element: ArrayElement & FixedWidthInteger>(
            _ type: Element.Type, below limit: UInt64 = 1024, compat: CompatFormat = .mel3D, head: String = "mel_3d"
        ) -> Row {
            let name = "\(Element.arrayElementType.rawValue) codes below \(limit) (4, 8, 112)"
            return Row(name, encodec(8), compat: compat, head: head) { codes3D(type, [4, 8, 112], below: limit) }
        }
        return [
            row(Int8.self, below: 128), row(UInt8.self, below: 256), row(Int16.self), row(UInt16.self),
            row(UInt32.self), row(UInt64.self), row(Int64.self, compat: .encodec, head: "codes 8 x 112"),
        ]
    }

    /// The widths of five bandwidths, with all codebooks real and as the Python system pads them.
    private static var flatRows: [Row] {
        let real = CodeLayout.codebookCounts.map { count in
            Row(
                "flat int64 codes, \(count) real codebooks (8, \(count * 112))", flatCodes(count), compat: .mel2D,
                head: "codes \(count) x 112"
            ) { flat(Int64.self, rows: 8, codebooks: count) }
        }
        let padded = [8, 16, 32].map { count in
            Row(
                "flat int64 codes, \(count / 2) real and \(count / 2) zero codebooks (8, \(count * 112))",
                flatCodes(count, padded: count / 2), compat: .mel2D, head: "codes \(count) x 112"
            ) { flat(Int64.self, rows: 8, codebooks: count, real: count / 2) }
        }
        return real + padded + [
            Row("flat uint16 codes, as caches hold them (9, 896)", flatCodes(8), compat: .mel2D, head: "mel_2d") {
                flat(UInt16.self, rows: 9, codebooks: 8)
            },
            Row("flat int32 codes on the exact grid (9, 904)", flatCodes(8, 113), compat: .mel2D, head: "codes 8 x 113")
            {
                flat(Int32.self, rows: 9, codebooks: 8, frames: 113)
            },
            Row(
                "flat int32 codes of one usual TR only, 0.72 s (9, 432)", flatCodes(8, 54), compat: .mel2D,
                head: "codes 8 x 54"
            ) { flat(Int32.self, rows: 9, codebooks: 8, frames: 54) },
            Row(
                "flat int32 codes of TR 1 s or 2 s (9, 600)",
                .ambiguous(
                    [.encodecFlat(layout(4, 150)), .encodecFlat(layout(8, 75))], mentioning: "600 columns"),
                compat: .mel2D, head: "codes 8 x 75"
            ) { flat(Int32.self, rows: 9, codebooks: 8, frames: 75) },
            Row(
                "the same with the TR told (9, 600)", tr: RepetitionTime(1, over: 1), flatCodes(8, 75), compat: .mel2D,
                head: "codes 8 x 75"
            ) { flat(Int32.self, rows: 9, codebooks: 8, frames: 75) },
        ]
    }
}
