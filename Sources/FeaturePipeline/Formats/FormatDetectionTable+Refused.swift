internal import NumericCore

/// Rows that are no feature arrays, or damaged ones.
extension FormatDetectionTable {
    static var refusedRows: [Row] { shapes + values }

    private static var shapes: [Row] {
        [
            Row(
                "codes without TRs (0, 8, 112)", .unknown(mentioning: "no elements"), compat: .encodec,
                head: "codes 8 x 112"
            ) { codes3D(Int32.self, [0, 8, 112]) },
            Row("mel without TRs (0, 2048, 65)", .unknown(mentioning: "no elements"), compat: .mel3D, head: "mel_3d") {
                decibels(Float.self, [0, 2048, 65])
            },
            Row(
                "codes with the TRs last (8, 112, 20)", .unknown(mentioning: "(codebooks, frames, TRs)"),
                compat: .encodec, head: "codes 112 x 20"
            ) { codes3D(Int32.self, [8, 112, 20]) },
            Row(
                "codes with the codebooks last (20, 112, 8)", .unknown(mentioning: "(TRs, frames, codebooks)"),
                compat: .encodec, head: "codes 112 x 8"
            ) { codes3D(Int32.self, [20, 112, 8]) },
            Row(
                "one codebook a TR (10, 1, 112)", .unknown(mentioning: "batch axis"), compat: .encodec,
                head: "codes 1 x 112"
            ) { codes3D(Int32.self, [10, 1, 112]) },
            Row(
                "five codebooks (10, 5, 112)", .unknown(mentioning: "not a number of codebooks"), compat: .encodec,
                head: "codes 5 x 112"
            ) { codes3D(Int32.self, [10, 5, 112]) },
            Row(
                "frames that contradict the told TR (10, 8, 112)", tr: RepetitionTime(2, over: 1),
                .unknown(mentioning: "150"), compat: .encodec, head: "codes 8 x 112"
            ) { codes3D(Int32.self, [10, 8, 112]) },
            Row("codes of a whole recording (8, 750)", .unknown(mentioning: "decode"), compat: .mel2D, head: "error") {
                flat(Int32.self, rows: 8, codebooks: 2, frames: 375)
            },
            Row("one axis of codes (896)", .unknown(mentioning: "one axis"), compat: .error, head: "error") {
                codes(Int32.self, [896], codebooks: 8, frames: 112)
            },
            Row(
                "the codec's own four axes (1, 1, 8, 750)", .unknown(mentioning: "chunks"), compat: .error,
                head: "error"
            ) { codes(Int64.self, [1, 1, 8, 750], codebooks: 8, frames: 750) },
            Row(
                "four axes with subjects (3, 4, 8, 112)", .unknown(mentioning: "subject"), compat: .error, head: "error"
            ) { codes(Int64.self, [3, 4, 8, 112], codebooks: 8, frames: 112) },
            Row("no axis", .unknown(mentioning: "0 axes"), compat: .error, head: "error") {
                filled(Float.self, []) { _ in 7 }
            },
        ]
    }

    private static var values: [Row] {
        [
            Row("-1 among codes", .unknown(mentioning: "is -1"), compat: .encodec, head: "codes 8 x 112") {
                replacing(codes3D(Int32.self, [4, 8, 112]), at: 1000, with: Int32(-1))
            },
            Row("1024 among codes", .unknown(mentioning: "is 1024"), compat: .encodec, head: "codes 8 x 112") {
                replacing(codes3D(Int64.self, [4, 8, 112]), at: 1000, with: Int64(1024))
            },
            Row("2^62 among codes", .unknown(mentioning: "outside 0...1023"), compat: .encodec, head: "codes 8 x 112") {
                replacing(codes3D(Int64.self, [4, 8, 112]), at: 1000, with: Int64(1) << 62)
            },
            Row(
                "zeros as codes (4, 8, 112)", .unknown(mentioning: "every one"), compat: .encodec,
                head: "codes 8 x 112"
            ) { filled(Int32.self, [4, 8, 112]) { _ in 0 } },
            Row(
                "zeros as flat codes (4, 896)", .unknown(mentioning: "every one"), compat: .mel2D, head: "codes 8 x 112"
            ) { filled(Int64.self, [4, 896]) { _ in 0 } },
            Row("NaN in mel (3, 128, 65)", .unknown(mentioning: "is nan"), compat: .mel3D, head: "mel_3d") {
                replacing(decibels(Float.self, [3, 128, 65]), at: 9000, with: Float.nan)
            },
            Row(
                "an infinity in predictions (4, 8, 112)", .unknown(mentioning: "is inf"), compat: .mel3D, head: "mel_3d"
            ) { replacing(predictions(Float.self, [4, 8, 112]), at: 77, with: Float.infinity) },
            Row("-inf in averaged mel (5, 128)", .unknown(mentioning: "is -inf"), compat: .mel2D, head: "mel_2d") {
                replacing(decibels(Double.self, [5, 128]), at: 5, with: -Double.infinity)
            },
        ]
    }
}
