internal import NumericCore

extension Dataset {
    struct ModalityLength {
        let modality: String
        let trCount: Int
    }

    static func detect(_ inputs: Inputs, _ repetitionTime: RepetitionTime) throws(FeatureError) -> FormatDetection {
        if let manifest = inputs.manifest, manifest.recipe.repetitionTime != repetitionTime {
            throw .badRequest(
                problem: "'\(inputs.audio.origin)' has a TR of \(manifest.recipe.repetitionTime), the data set"
                    + " \(repetitionTime); make the features with the scan's TR")
        }
        let detection = FeatureFormat.detect(
            inputs.audio, manifest: inputs.manifest, repetitionTime: repetitionTime)
        guard detection.format.isDecided else {
            throw .badArray(path: inputs.audio.origin, problem: "is no audio feature array: \(detection.format)")
        }
        return detection
    }

    /// Checks ranks and values, and says how long each modality is.
    static func lengths(_ inputs: Inputs) throws(FeatureError) -> [ModalityLength] {
        if let fmri = inputs.fmri, fmri.rank != 2 || fmri.shape[1] == 0 {
            throw .badRequest(problem: "fMRI has shape \(fmri.shape), expected (TRs, voxels)")
        }
        var lengths = [ModalityLength(modality: "audio", trCount: inputs.audio.shape[0])]
        for (name, tensor) in [("fmri", inputs.fmri), ("video", inputs.video), ("text", inputs.text)] {
            guard let tensor else { continue }
            guard tensor.rank >= 2, tensor.rowSize > 0 else {
                throw .badRequest(problem: "\(name) has shape \(tensor.shape), expected (TRs, numbers)")
            }
            if let index = tensor.elements.firstIndex(where: { !$0.isFinite }) {
                throw .badRequest(
                    problem: "\(name) is \(tensor.elements[index]) in TR \(index / tensor.rowSize), number"
                        + " \(index % tensor.rowSize); repair it before training")
            }
            lengths.append(ModalityLength(modality: name, trCount: tensor.shape[0]))
        }
        return lengths
    }
}

extension Dataset.Inputs {
    /// Reads inputs from files.
    ///
    /// - Parameters:
    ///   - audio: A `.npy` of features; its manifest beside it is read when there is one.
    ///   - fmri: A `.npy` of (TRs, voxels), or nil.
    ///   - video: A `.npy` of (TRs, ...), or nil.
    ///   - text: A `.npy` of (TRs, ...), or nil.
    /// - Returns: The inputs.
    /// - Throws: ``FeatureError``.
    public static func read(
        audio: String, fmri: String? = nil, video: String? = nil, text: String? = nil
    ) throws(FeatureError) -> Dataset.Inputs {
        func tensor(_ path: String) throws(FeatureError) -> Tensor<Float> {
            try wrap { () throws(ArrayFileError) in
                try NpyFile.read(path: path).nearestFloat32()
            }
        }
        let array = try wrap { () throws(ArrayFileError) in try NpyFile.read(path: audio) }
        let sidecar = try ArrayManifest.readSidecar(of: audio)
        if let derivation = sidecar?.derivation {
            try derivation.identity.verify(array)
            try sidecar?.requireFeatures(path: audio)
        }
        return Dataset.Inputs(
            audio: array, manifest: sidecar?.features,
            fmri: try fmri.map { path throws(FeatureError) in try tensor(path) },
            video: try video.map { path throws(FeatureError) in try tensor(path) },
            text: try text.map { path throws(FeatureError) in try tensor(path) })
    }
}
