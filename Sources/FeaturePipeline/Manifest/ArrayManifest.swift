internal import Glibc
public import NumericCore

/// What stands beside an array: features as they were made, or what a step made of an array.
public enum ArrayManifest: Sendable, Equatable {
    /// Made of sound.
    case features(FeatureManifest)
    /// Made of another array.
    case derived(DerivedManifest)

    /// What the array is as features, or nil.
    public var features: FeatureManifest? {
        switch self {
        case .features(let manifest): manifest
        case .derived(let manifest): manifest.features
        }
    }

    /// The step that made the array of another one, or nil.
    public var derivation: DerivedManifest? {
        if case .derived(let manifest) = self { manifest } else { nil }
    }

    var identity: ArrayIdentity {
        switch self {
        case .features(let manifest): manifest.identity
        case .derived(let manifest): manifest.identity
        }
    }

    /// Reads a manifest of either schema.
    ///
    /// - Parameter path: The JSON file.
    /// - Returns: A manifest that makes sense.
    /// - Throws: ``FeatureError/file(_:)`` or ``FeatureError/badManifest(path:problem:)``.
    public static func read(path: String) throws(FeatureError) -> ArrayManifest {
        let json = try FeatureManifest.parse(FeatureManifest.text(path: path), path: path)
        if json["schema"]?.text == DerivedManifest.schema {
            return .derived(try DerivedManifest(json, path: path))
        }
        return .features(try FeatureManifest(json, path: path))
    }

    /// Reads the manifest beside an array file.
    ///
    /// - Parameter path: The array file.
    /// - Returns: nil when there is none.
    /// - Throws: ``FeatureError`` when there is one that cannot be read.
    public static func readSidecar(of path: String) throws(FeatureError) -> ArrayManifest? {
        do throws(FeatureError) {
            return try read(path: FeatureManifest.sidecarPath(of: path))
        } catch .file(.system(operation: "open", path: _, code: ENOENT)) {
            return nil
        }
    }

    /// Holds an array against this manifest.
    ///
    /// - Parameter array: The array as its file holds it.
    /// - Throws: ``FeatureError/badArray(path:problem:)`` when type, shape or contents differ.
    public func verify(_ array: NumericArray) throws(FeatureError) { try identity.verify(array) }

    /// Refuses what looks like features but is none.
    ///
    /// - Parameter path: The array, for the error.
    /// - Throws: ``FeatureError/badArray(path:problem:)`` for latents.
    public func requireFeatures(path: String) throws(FeatureError) {
        guard let derivation, derivation.holdsLatents else { return }
        throw .badArray(path: path, problem: Self.latentProblem)
    }

    static let latentProblem =
        "holds latents of codes, which are no features that become sound or that a model takes; give hrf --requantize "
        + "to have codes again"
}
