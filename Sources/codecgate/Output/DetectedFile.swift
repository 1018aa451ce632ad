import FeaturePipeline
import NumericCore

/// The answer of `codecgate detect` for one array, as text and as JSON.
struct DetectedFile: Encodable {
    let file: String
    let format: String
    let why: String?
    let candidates: [String]?
    let codebooks: Int?
    let realCodebooks: Int?
    let framesPerTr: Int?
    let melBands: Int?
    let melColumns: Int?
    let dtype: String
    let shape: [Int]
    let minimum: Double?
    let maximum: Double?
    let evidence: [String]
    let concerns: [String]
    let notStated: [String]?
    let designRule: String
    let pythonSystem: String

    private let detection: FormatDetection

    init(_ file: FeatureFile, repetitionTime: RepetitionTime?) {
        let detection = file.detect(repetitionTime: repetitionTime)
        self.detection = detection
        self.file = file.label
        format = detection.format.id
        (why, candidates) = Self.doubt(detection.format)
        let layout = detection.format.codeLayout
        (codebooks, realCodebooks, framesPerTr) = (
            layout?.codebookCount, layout?.realCodebookCount, layout?.framesPerTR
        )
        (melBands, melColumns) = Self.mel(detection.format)
        (dtype, shape) = (detection.facts.elementType.rawValue, detection.facts.shape)
        (minimum, maximum) = (detection.facts.minimum, detection.facts.maximum)
        (evidence, concerns) = (detection.evidence, detection.concerns)
        notStated = if case .pythonCache(let missing) = file.origin { missing } else { nil }
        designRule = FeatureFormat.detectCompat(file.array).rawValue
        pythonSystem = FeatureFormat.detectHead(file.array).id
    }

    var isDecided: Bool { detection.format.isDecided }

    /// A headline, then one line a sentence.
    var text: String {
        var lines = ["\(file): \(detection.format)"]
        lines += evidence.map { "  because  \($0)" }
        lines += concerns.map { "  look at  \($0)" }
        if let notStated { lines.append("  not stated in the file  \(notStated.joined(separator: ", "))") }
        lines.append("  the design document's rule says \(designRule), the Python system takes it for \(pythonSystem)")
        return lines.map { $0 + "\n" }.joined()
    }

    private static func doubt(_ format: FeatureFormat) -> (why: String?, candidates: [String]?) {
        switch format {
        case .ambiguous(let candidates, let why): (why, candidates.map(\.description))
        case .unknown(let why): (why, nil)
        case .encodec, .encodecFlat, .encodecPredictions, .mel3D, .mel2D, .melFlat: (nil, nil)
        }
    }

    private static func mel(_ format: FeatureFormat) -> (bands: Int?, columns: Int?) {
        switch format {
        case .mel3D(let bands, let columns), .melFlat(let bands, let columns): (bands, columns)
        case .mel2D(let bands): (bands, nil)
        case .encodec, .encodecFlat, .encodecPredictions, .ambiguous, .unknown: (nil, nil)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case file, format, why, candidates, codebooks, realCodebooks, framesPerTr, melBands, melColumns, dtype, shape
        case minimum, maximum, evidence, concerns, notStated, designRule, pythonSystem
    }
}
