public import NumericCore

extension FeatureFormat {
    /// Says what an array is, by its manifest where there is one, otherwise by what it holds.
    ///
    /// A manifest decides only when the array is the one it describes (element type, shape, SHA-256) and the values can
    /// be what it says; a contradiction is `.unknown`, never a second guess.
    ///
    /// - Parameters:
    ///   - array: Features of any shape and element type.
    ///   - manifest: The array's manifest, or nil.
    ///   - repetitionTime: The TR when there is no manifest and it is known.
    /// - Returns: The format with evidence.
    public static func detect(
        _ array: NumericArray, manifest: FeatureManifest?, repetitionTime: RepetitionTime? = nil
    ) -> FormatDetection {
        guard let manifest else { return detect(array, repetitionTime: repetitionTime) }
        let facts = ArrayFacts(array)
        func refused(_ why: String) -> FormatDetection {
            FormatDetection(format: .unknown(why: why), evidence: [], concerns: [], facts: facts)
        }
        do throws(FeatureError) { try manifest.verify(array) } catch { return refused(error.description) }
        if let problem = contentProblem(facts, manifest.recipe.format) { return refused(problem) }
        let format = described(by: manifest, array)
        let real = manifest.recipe.codec?.codebookCount
        var evidence = ["the manifest says \(manifest.recipe.format.rawValue), and type, shape and SHA-256 are its own"]
        if let layout = format.codeLayout, let real { evidence.append("\(real) real codebooks of \(layout)") }
        return FormatDetection(format: format, evidence: evidence, concerns: [], facts: facts)
    }

    /// Says what an array is, by what stands beside it where that says it, otherwise by what it holds.
    ///
    /// - Parameters:
    ///   - array: Features of any shape and element type.
    ///   - sidecar: What stands beside the array, or nil.
    ///   - repetitionTime: The TR when it is known and nothing says it.
    /// - Returns: The format with evidence; `.unknown` for an array that is not the one described, and for latents.
    public static func detect(
        _ array: NumericArray, sidecar: ArrayManifest?, repetitionTime: RepetitionTime? = nil
    ) -> FormatDetection {
        guard let derivation = sidecar?.derivation else {
            return detect(array, manifest: sidecar?.features, repetitionTime: repetitionTime)
        }
        func refused(_ why: String) -> FormatDetection {
            FormatDetection(
                format: .unknown(why: why), evidence: [derivation.summary], concerns: [], facts: ArrayFacts(array))
        }
        do throws(FeatureError) { try derivation.identity.verify(array) } catch { return refused(error.description) }
        if derivation.holdsLatents { return refused("the array " + ArrayManifest.latentProblem) }
        let found = detect(array, manifest: derivation.features, repetitionTime: repetitionTime)
        return FormatDetection(
            format: found.format, evidence: found.evidence + [derivation.summary], concerns: found.concerns,
            facts: found.facts)
    }

    private static func described(by manifest: FeatureManifest, _ array: NumericArray) -> FeatureFormat {
        let shape = manifest.shape
        let frames = manifest.framesPerTR ?? 1
        switch manifest.recipe.format {
        case .mel: return .mel3D(bandCount: shape[1], columnCount: shape[2])
        case .mel2D: return .mel2D(bandCount: shape[1])
        case .encodec: return .encodec(CodeLayout(codebookCount: shape[1], framesPerTR: frames))
        case .encodecPredictions:
            return .encodecPredictions(CodeLayout(codebookCount: shape[1], framesPerTR: frames), isFlat: false)
        case .encodecFlat:
            let stored = shape[1] / frames
            let padding = stored - (manifest.recipe.codec?.codebookCount ?? stored)
            return .encodecFlat(
                CodeLayout(codebookCount: stored, framesPerTR: frames, zeroPaddedCodebooks: padding))
        }
    }

    /// What the values rule out, whatever a manifest says.
    static func contentProblem(_ facts: ArrayFacts, _ format: FeatureRecipe.Format) -> String? {
        if let index = facts.notFinite.firstIndex, let value = facts.notFinite.firstValue {
            return "the manifest says \(format.rawValue), but element \(facts.place(index)) is \(value); make the"
                + " features again"
        }
        switch format {
        case .encodec, .encodecFlat, .encodecPredictions:
            guard let index = facts.outsideCodes.firstIndex, let value = facts.outsideCodes.firstValue else {
                return nil
            }
            return
                "the manifest says \(format.rawValue), but element \(facts.place(index)) is \(value), outside 0...1023"
                + " (\(facts.outsideCodes.count) of \(facts.count)); make the features again"
        case .mel, .mel2D: return nil
        }
    }
}
