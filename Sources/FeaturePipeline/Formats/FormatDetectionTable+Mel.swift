internal import NumericCore

/// Rows of mel spectrograms.
extension FormatDetectionTable {
    static var melRows: [Row] { threeAxes + twoAxes }

    private static func mel(_ bands: Int, _ columns: Int) -> Expectation {
        .format(.mel3D(bandCount: bands, columnCount: columns))
    }

    private static func row<Element: ArrayElement & BinaryFloatingPoint>(
        _ type: Element.Type, _ shape: [Int], _ expected: Expectation, _ note: String, from low: Double = -80,
        to high: Double = 0
    ) -> Row {
        let isDeep = shape.count == 3
        return Row(
            "\(Element.arrayElementType.rawValue) mel \(note) \(shape)", expected, compat: isDeep ? .mel3D : .mel2D,
            head: isDeep ? "mel_3d" : "mel_2d"
        ) { decibels(type, shape, from: low, to: high) }
    }

    private static var threeAxes: [Row] {
        [
            row(Float.self, [2, 2048, 65], mel(2048, 65), "of the design"),
            row(Float.self, [2, 2048, 64], mel(2048, 64), "before padding"),
            row(Float.self, [2, 2048, 36], mel(2048, 36), "at 12 kHz"),
            row(Float16.self, [3, 128, 65], mel(128, 65), "of half precision"),
            row(Double.self, [3, 128, 65], mel(128, 65), "of double precision"),
            row(Float.self, [1, 128, 65], mel(128, 65), "of one TR"),
            row(Float.self, [3, 128, 65], mel(128, 65), "of a quiet stretch", from: -79.5, to: -22.25),
            row(Float.self, [3, 128, 65], mel(128, 65), "with positive values", from: -48, to: 31.5),
            row(Float.self, [3, 128, 87], mel(128, 87), "of TR 2 s"),
            row(Float.self, [3, 100, 65], mel(100, 65), "of unusual bands"),
            row(Float.self, [3, 8, 65], mel(8, 65), "of eight bands"),
            row(Float.self, [3, 65, 2048], .unknown(mentioning: "swap the last two"), "with swapped axes"),
            row(
                Float.self, [3, 100, 50], .ambiguous([.mel3D(bandCount: 100, columnCount: 50)], mentioning: "usual"),
                "of nothing usual"),
            row(Float.self, [3, 128, 65], .unknown(mentioning: "floor"), "after HRF convolution", from: -144.2),
            row(
                Float.self, [3, 128, 65], .unknown(mentioning: "neither dB nor codes"), "of no range", from: -90,
                to: 400),
            Row("silence in dB (3, 128, 65)", mel(128, 65), compat: .mel3D, head: "mel_3d") {
                filled(Float.self, [3, 128, 65]) { _ in 0 }
            },
            Row(
                "mel power, not dB (3, 128, 65)", .unknown(mentioning: "converted to dB"), compat: .mel3D,
                head: "mel_3d"
            ) { filled(Float.self, [3, 128, 65]) { Float(hash($0) % 9973) / 64 } },
        ]
    }

    private static var twoAxes: [Row] {
        [
            row(Float.self, [5, 2048], .format(.mel2D(bandCount: 2048)), "averaged over TRs"),
            row(Double.self, [5, 128], .format(.mel2D(bandCount: 128)), "averaged, 128 bands"),
            row(Float.self, [2, 2048 * 65], .format(.melFlat(bandCount: 2048, columnCount: 65)), "flattened"),
            row(
                Float.self, [3, 128 * 64], .format(.melFlat(bandCount: 128, columnCount: 64)), "flattened, 64 columns"),
            row(Float.self, [5, 896], .unknown(mentioning: "896 columns"), "of 896 columns, dB values"),
            row(Float.self, [5, 2560], .format(.melFlat(bandCount: 40, columnCount: 64)), "flattened, 40 bands"),
        ]
    }
}
