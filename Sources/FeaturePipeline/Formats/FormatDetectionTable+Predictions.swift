internal import NumericCore

/// Rows of floating-point codes.
extension FormatDetectionTable {
    static var predictionRows: [Row] {
        func predicted(_ codebooks: Int, _ frames: Int = 112, padded: Int = 0, isFlat: Bool = false) -> Expectation {
            .format(.encodecPredictions(layout(codebooks, frames, padded: padded), isFlat: isFlat))
        }
        return [
            Row("whole float32 predictions (4, 8, 112)", predicted(8), compat: .mel3D, head: "mel_3d") {
                predictions(Float.self, [4, 8, 112])
            },
            Row("whole float16 predictions (4, 8, 112)", predicted(8), compat: .mel3D, head: "mel_3d") {
                predictions(Float16.self, [4, 8, 112])
            },
            Row("whole float64 predictions (4, 8, 112)", predicted(8), compat: .mel3D, head: "mel_3d") {
                predictions(Double.self, [4, 8, 112])
            },
            Row("predictions that are not whole (4, 8, 112)", predicted(8), compat: .mel3D, head: "mel_3d") {
                predictions(Float.self, [4, 8, 112], fraction: 0.375)
            },
            Row("flat whole predictions (6, 896)", predicted(8, isFlat: true), compat: .mel2D, head: "mel_2d") {
                predictions(Float.self, [6, 896])
            },
            Row(
                "flat predictions that are not whole (6, 448)", predicted(4, isFlat: true), compat: .mel2D,
                head: "mel_2d"
            ) { predictions(Double.self, [6, 448], fraction: 0.25) },
            Row(
                "flat predictions of padded codes (6, 896)", predicted(8, padded: 4, isFlat: true), compat: .mel2D,
                head: "mel_2d"
            ) {
                filled(Float.self, [6, 896]) { $0 / 112 % 8 < 4 ? Float(hash($0) % 1024) : 0 }
            },
            Row("a sigmoid not yet scaled (4, 8, 112)", .unknown(mentioning: "1023"), compat: .mel3D, head: "mel_3d") {
                filled(Float.self, [4, 8, 112]) { Float(hash($0) % 1000) / 1024 }
            },
            Row(
                "1024 from bfloat16 among predictions", .unknown(mentioning: "bfloat16"), compat: .mel3D,
                head: "mel_3d"
            ) { replacing(predictions(Float.self, [4, 8, 112]), at: 500, with: Float(1024)) },
            Row("-1 among whole predictions", .unknown(mentioning: "is -1"), compat: .mel3D, head: "mel_3d") {
                replacing(predictions(Float.self, [4, 8, 112]), at: 500, with: Float(-1))
            },
            Row(
                "whole numbers in a mel shape (2, 2048, 65)", .unknown(mentioning: "not one of codes"), compat: .mel3D,
                head: "mel_3d"
            ) { predictions(Float.self, [2, 2048, 65]) },
            Row(
                "zeros in a shape of codes (4, 8, 112)",
                .ambiguous(
                    [.encodecPredictions(layout(8), isFlat: false)], mentioning: "every value is 0"),
                compat: .mel3D, head: "mel_3d"
            ) { filled(Float.self, [4, 8, 112]) { _ in 0 } },
        ]
    }
}
