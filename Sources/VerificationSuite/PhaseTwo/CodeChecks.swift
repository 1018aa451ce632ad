internal import EnCodec
internal import FeaturePipeline
internal import NumericCore
internal import Verification

/// What the codes of the film are, bandwidth by bandwidth.
struct CodeChecks {
    let film: FilmContext

    var checks: [any Check] { film.bandwidths.map(codes) }

    private func codes(_ kbps: Double) -> any Check {
        let id = "codes.\(kbps.bandwidthText)kbps"
        func plan(_ name: String, _ title: String, unit: String, _ direction: Finding.Direction) -> FindingPlan {
            FindingPlan(
                id: "\(id).\(name)", check: id, phase: 2, title: "\(title) at \(kbps.bandwidthText) kbps", unit: unit,
                variant: "codes.\(name)", direction: direction, source: "definition")
        }
        let plans = [
            plan("range", "Codes outside the codebook", unit: "codes", .lower),
            plan("constant", "Codebooks of one value only", unit: "codebooks", .lower),
            plan("count", "Codebooks too many or too few", unit: "codebooks", .zero),
            plan("usage", "Mean share of entries used", unit: "1", .higher),
            plan("entropy", "Mean entropy of the codes", unit: "bit", .higher),
        ]
        return SimpleCheck(plans) { record in
            try film.requireSound()
            let codes = try film.codes(kbps)
            let settings = film.request.codec.model.configuration
            let (bookCount, frameCount, size) = (codes.shape[0], codes.shape[1], settings.codebookSize)
            func note(_ index: Int, _ value: Double, _ population: Int, _ unit: String, _ note: String = "") throws {
                try record(
                    Finding(plans[index], .value(value), population: population, populationUnit: unit, note: note))
            }
            try note(0, Double(codes.elements.count { !(0..<Int32(size)).contains($0) }), codes.count, "codes")
            let constant = (0..<bookCount).count { book in
                Set(codes.elements[book * frameCount..<(book + 1) * frameCount]).count < 2
            }
            try note(1, Double(constant), bookCount, "codebooks")
            let owed = Int(kbps * 1000) / (settings.frameRate * settings.bitsPerCode)
            try note(
                2, Double(bookCount - owed), bookCount, "codebooks",
                "floor(\(kbps.bandwidthText) kbps / 750 bps) = \(owed)")
            let array = CodeArray(codes.elements, codebookCount: bookCount, frameCount: frameCount)
            for entry in CodeComparison(reference: array, test: array, entryCount: size).entries {
                guard let index = plans.firstIndex(where: { $0.variant == entry.metric.id }), index >= 3 else {
                    continue
                }
                switch SegmentValue.Result(entry.result) {
                case .value(let value): try note(index, value, codes.count, "codes")
                case .notApplicable(let reason), .failed(let reason):
                    try record(Finding(plans[index], .failed(reason: reason)))
                }
            }
        }
    }
}
