internal import NumericCore

/// Mel spectrograms in dB.
extension FormatDetector {
    /// Numbers of mel bands in use; the design's is 2048.
    static let bandCounts = [40, 64, 80, 128, 256, 512, 1024, 2048]
    /// Columns of a 1.5 s TR: 65 (stored) and 64 (before padding) at 22 050 Hz, 36 at 12 000 Hz, hop 512.
    static let columnCounts = [65, 64, 36]
    /// Columns that a TR up to about 10 s has.
    static let plausibleColumns = 1...500

    /// Why values with a negative one among them are not dB below a maximum.
    func rangeProblem(low: Double, high: Double) -> String? {
        let tolerance = ArrayFacts.toleranceDB
        let span = "values from \(number(low)) to \(number(high))"
        guard high - low <= -ArrayFacts.floorDB + tolerance else {
            let cause = "mel spectrograms in dB span at most 80 dB below their maximum"
            return low < ArrayFacts.floorDB - tolerance && high <= tolerance
                ? "\(span) go below the -80 dB floor: \(cause); HRF convolution scales by 1.8 and lowers the floor,"
                    + " detect the features before it"
                : "\(span) are neither dB nor codes: \(cause), and codes lie in 0...1023"
        }
        return nil
    }

    mutating func mel3D() -> FeatureFormat {
        let (bands, columns) = (shape[1], shape[2])
        let format = FeatureFormat.mel3D(bandCount: bands, columnCount: columns)
        if bandsAndColumnsAreSwapped {
            return .unknown(
                why: "the axes of \(shape) look like (TRs, columns, mel bands); swap the last two, expected"
                    + " (TRs, mel bands, columns)")
        }
        guard Self.plausibleColumns.contains(columns) else {
            return .unknown(
                why: "\(columns) columns a TR are more than 10 s of sound; expected (TRs, mel bands, columns)")
        }
        addLevelFacts()
        if Self.columnCounts.contains(columns) {
            evidence.append(
                "\(columns) columns are a TR of 1.5 s at \(columns == 36 ? "12 000" : "22 050") Hz, hop 512")
        }
        if Self.bandCounts.contains(bands) {
            evidence.append("\(bands) mel bands")
            if !Self.columnCounts.contains(columns) {
                concerns.append("\(columns) columns are not a TR of 1.5 s (64, 65 or 36); check the TR and the rate")
            }
            return format
        }
        if CodeLayout.codebookCounts.contains(bands) {
            concerns.append(
                "\(bands) bands is also a number of codebooks; negative values rule codes out, but not a latent"
                    + " representation: check where the array comes from")
        }
        guard Self.columnCounts.contains(columns) else {
            return .ambiguous(
                candidates: [format],
                why: "the values look like dB, but neither \(bands) bands nor \(columns) columns are usual; give the"
                    + " manifest")
        }
        concerns.append("\(bands) is no usual number of mel bands; check the mel configuration")
        return format
    }

    private var bandsAndColumnsAreSwapped: Bool {
        let (bands, columns) = (shape[1], shape[2])
        let swapped = Self.columnCounts.contains(bands) && Self.bandCounts.contains(columns)
        return swapped && columns > bands && !Self.columnCounts.contains(columns)
    }

    mutating func mel2D() -> FeatureFormat {
        addLevelFacts()
        let width = shape[1]
        var candidates: [FeatureFormat] = []
        if Self.bandCounts.contains(width) { candidates.append(.mel2D(bandCount: width)) }
        for columns in Self.columnCounts where width % columns == 0 && Self.bandCounts.contains(width / columns) {
            candidates.append(.melFlat(bandCount: width / columns, columnCount: columns))
        }
        guard let first = candidates.first else {
            return .unknown(
                why: "\(width) columns are neither a usual number of mel bands nor one times 64, 65 or 36; give the"
                    + " manifest")
        }
        guard candidates.count == 1 else {
            return .ambiguous(
                candidates: candidates, why: "\(width) columns fit several mel layouts; give the manifest")
        }
        evidence.append("\(width) columns are \(first)")
        return first
    }

    /// What the range says about the dB reference.
    private mutating func addLevelFacts() {
        guard let low = facts.minimum, let high = facts.maximum, low < 0 else { return }
        if high > ArrayFacts.toleranceDB || low < ArrayFacts.floorDB - ArrayFacts.toleranceDB {
            evidence.append("the values span \(number(high - low)) dB, within the 80 dB of a mel spectrogram")
            concerns.append(
                "values from \(number(low)) to \(number(high)) dB: the reference is not the recording's maximum; state it"
                    + " before inverting")
        } else {
            evidence.append("no value is above 0 dB or below the -80 dB floor")
        }
        if low <= ArrayFacts.floorDB + ArrayFacts.toleranceDB { evidence.append("the -80 dB floor is reached") }
    }
}
