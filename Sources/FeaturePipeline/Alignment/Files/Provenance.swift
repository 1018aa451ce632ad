internal import NumericCore

/// Where an array comes from and what is done to it: the beginning of the manifest of what comes out.
public struct Provenance: Sendable {
    let step: DerivedManifest.Step
    let sourceSHA256: String
    let source: ArrayManifest?

    /// Looks at a file that a step is to be done to.
    ///
    /// - Parameters:
    ///   - step: What will be done.
    ///   - path: A `.npy`; where a manifest stands beside it, the array must be the one it describes.
    /// - Throws: ``FeatureError`` for a file or manifest that cannot be read, or that do not belong together.
    public init(_ step: DerivedManifest.Step, of path: String) throws(FeatureError) {
        self.step = step
        source = try ArrayManifest.readSidecar(of: path)
        if let source {
            let rows = try wrap { () throws(ArrayFileError) in try NpyRows(path: path) }
            try source.identity.verify(rows, path: path)
        }
        sourceSHA256 = try wrap { () throws(ArrayFileError) in try SHA256.hexadecimal(ofFile: path) }
    }

    /// The manifest of what came out.
    func manifest(_ identity: ArrayIdentity) -> DerivedManifest {
        let holdsLatents = makesLatents || source?.derivation?.holdsLatents == true
        return DerivedManifest(
            step: step, sourceSHA256: sourceSHA256, holdsLatents: holdsLatents,
            features: holdsLatents ? nil : features(identity), elementType: identity.elementType,
            shape: identity.shape, arraySHA256: identity.sha256, toolVersion: FeatureManifest.currentToolVersion)
    }

    private var makesLatents: Bool {
        guard case .hrf(let response) = step else { return false }
        return response.hrf.codes == .latent && !response.isRequantized
    }

    /// The source's description, changed as the step changes it; nil where it has no words for the result.
    private func features(_ identity: ArrayIdentity) -> FeatureManifest? {
        guard var features = source?.features else { return nil }
        features.elementType = identity.elementType
        features.shape = identity.shape
        features.arraySHA256 = identity.sha256
        features.toolVersion = FeatureManifest.currentToolVersion
        switch step {
        case .hrf(let response):
            // A recipe tells of one response only.
            guard features.recipe.hrf == nil, features.recipe.repetitionTime == response.repetitionTime else {
                return nil
            }
            features.recipe.hrf = response.hrf
            if features.frameCounts?.count != identity.shape.first { features.frameCounts = nil }
        case .resample(let resampling):
            let counts = resampling.method == .linear ? nil : features.frameCounts
            features.frameCounts = counts.map { counts in resampling.positions.map { counts[Int($0)] } }
        }
        return features
    }
}
