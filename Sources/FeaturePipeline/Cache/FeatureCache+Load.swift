internal import Glibc
public import NumericCore

/// Features from a cache, verified.
public struct CachedFeatures: Sendable {
    /// Where they came from.
    public let path: String
    /// The manifest of `array` as it is stored.
    public let manifest: FeatureManifest
    /// Codes as uint16, other features as they were stored.
    public let array: NumericArray

    /// The codes as the pipeline works with them.
    ///
    /// - Returns: int32 of the stored shape.
    /// - Throws: ``FeatureError/badArray(path:problem:)`` when these are no codes.
    public func codes() throws(FeatureError) -> Tensor<Int32> {
        guard !array.elementType.isFloatingPoint else {
            throw .badArray(
                path: path, problem: "holds \(manifest.recipe.format.rawValue), no codes; ask the cache for codes")
        }
        return try wrap { () throws(ArrayFileError) in try array.int32() }
    }
}

extension FeatureCache {
    /// Loads the features of a recipe.
    ///
    /// - Parameters:
    ///   - recipe: Every setting must be the file's.
    ///   - minimumTRCount: Rows there must be, such as the whole TRs of the recording (or the recipe's limit, if that is
    ///     less); 0 to accept any.
    /// - Returns: The array with its manifest.
    /// - Throws: ``FeatureError/cacheMissing(path:near:)``, ``FeatureError/cacheMismatch(path:differences:)``, or an
    ///   error of a damaged file.
    public func load(_ recipe: FeatureRecipe, minimumTRCount: Int = 0) throws(FeatureError) -> CachedFeatures {
        let (archive, manifest) = try entry(of: recipe, minimumTRCount: minimumTRCount)
        return try features(in: archive, manifest)
    }

    /// The file of a recipe with its manifest, which says what was asked for; the array is not yet read.
    func entry(
        of recipe: FeatureRecipe, minimumTRCount: Int
    ) throws(FeatureError) -> (archive: ZipArchive, manifest: FeatureManifest) {
        let path = path(for: recipe)
        guard access(path, F_OK) == 0 else {
            throw .cacheMissing(path: path, near: nearMisses(of: recipe))
        }
        let archive = try wrap { () throws(ArrayFileError) in try ZipArchive.open(path: path) }
        let manifest = try Self.manifest(in: archive)
        let differences = recipe.differences(from: manifest, toolVersion: toolVersion)
        guard differences.isEmpty else { throw .cacheMismatch(path: path, differences: differences) }
        let needed = min(minimumTRCount, recipe.maximumTRCount ?? minimumTRCount)
        guard manifest.trCount >= needed else {
            throw .badArray(
                path: path,
                problem: "has \(manifest.trCount) TRs where \(needed) are needed; remove the file and make it again")
        }
        return (archive, manifest)
    }

    /// Opens a file of a cache without knowing its recipe.
    ///
    /// - Parameter path: The file.
    /// - Returns: The array with its manifest.
    /// - Throws: ``FeatureError/cacheMismatch(path:differences:)`` when the name is not the one that the contents must
    ///   have, or an error of a damaged file.
    public static func open(path: String) throws(FeatureError) -> CachedFeatures {
        let archive = try wrap { () throws(ArrayFileError) in try ZipArchive.open(path: path) }
        let manifest = try manifest(in: archive)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let stem = name.split(separator: "_").first.map(String.init) ?? ""
        let cache = try FeatureCache(folder: "", stem: stem, toolVersion: manifest.toolVersion)
        let proper = cache.fileName(for: manifest.recipe)
        guard name == proper else {
            throw .cacheMismatch(
                path: path, differences: [FieldDifference(field: "file name", expected: proper, found: name)])
        }
        return try cache.features(in: archive, manifest)
    }

    func features(
        in archive: ZipArchive, _ manifest: FeatureManifest
    ) throws(FeatureError) -> CachedFeatures {
        let array = try wrap { () throws(ArrayFileError) in
            try NpyFile.decode(ByteSource(archive.read("features.npy"), label: "\(archive.path)!features"))
        }
        try manifest.verify(array)
        if let problem = FeatureFormat.contentProblem(ArrayFacts(array), manifest.recipe.format) {
            throw .badArray(path: archive.path, problem: problem)
        }
        return CachedFeatures(path: archive.path, manifest: manifest, array: array)
    }

    static func manifest(in archive: ZipArchive) throws(FeatureError) -> FeatureManifest {
        let limit = FeatureManifest.maximumByteCount
        if let size = archive.byteCount(of: "manifest.json"), size > limit {
            throw .badManifest(path: archive.path, problem: "has \(size) bytes, at most \(limit) are read")
        }
        let json = try wrap { () throws(ArrayFileError) in try archive.read("manifest.json") }
        return try FeatureManifest(json: json, path: "\(archive.path)!manifest.json")
    }

    /// Files of the same stem and how they differ, so that a missing cache explains itself.
    private func nearMisses(of recipe: FeatureRecipe) -> [String] {
        var result: [String] = []
        for name in fileNames().prefix(200) {
            do throws(FeatureError) {
                let archive = try wrap { () throws(ArrayFileError) in
                    try ZipArchive.open(path: "\(folder)/\(name)")
                }
                let differences = recipe.differences(
                    from: try Self.manifest(in: archive), toolVersion: toolVersion)
                result.append("\(name) (\(differences.map(\.description).joined(separator: ", ")))")
            } catch {
                result.append("\(name) (unreadable)")
            }
        }
        return result
    }

    /// Names of this stem's files, sorted; empty when the folder cannot be read.
    private func fileNames() -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(stem + "_"), name.hasSuffix(".npz") { names.append(name) }
        }
        return names.sorted()
    }
}
