internal import Glibc
public import NumericCore

/// A folder of feature arrays, each named by everything that decides what it holds.
///
/// A name is readable in front (`stimulus_encodec_6kbps_tr1500ms`) and ends in twelve digits of the hash of the recipe
/// and the program's version: other settings have another name, so a file of other settings is never opened by
/// accident. A file that was renamed, swapped or changed is refused with the fields that differ.
///
/// Files are `.npz`: `features` (codes as uint16, others as they are) and `manifest.json`, which describes exactly that
/// member. They appear under their names only when complete; several writers may write the same name at once.
public struct FeatureCache: Sendable {
    /// Digits of the hash in a name: 48 bits.
    static let digestLength = 12

    /// Where the files lie.
    public let folder: String
    /// What names begin with: what the features are of.
    public let stem: String
    let toolVersion: String

    /// A cache in a folder, which need not exist yet.
    ///
    /// - Parameters:
    ///   - folder: Created by the first `store`, its parent must exist.
    ///   - stem: Letters, digits and hyphens.
    /// - Throws: ``FeatureError/badRequest(problem:)`` for another stem.
    public init(folder: String, stem: String = "stimulus") throws(FeatureError) {
        try self.init(folder: folder, stem: stem, toolVersion: FeatureManifest.currentToolVersion)
    }

    /// A cache of another version of the program; see `init(folder:stem:)`.
    package init(folder: String, stem: String, toolVersion: String) throws(FeatureError) {
        let isPlain = stem.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard isPlain, (1...100).contains(stem.utf8.count) else {
            throw .badRequest(problem: "'\(stem)' cannot begin a cache name; use 1 to 100 letters, digits and hyphens")
        }
        (self.folder, self.stem, self.toolVersion) = (folder, stem, toolVersion)
    }

    /// The name that features of a recipe have.
    ///
    /// - Parameter recipe: Every setting counts.
    /// - Returns: A file name without folder.
    public func fileName(for recipe: FeatureRecipe) -> String { fileName(for: recipe, toolVersion: toolVersion) }

    func fileName(for recipe: FeatureRecipe, toolVersion: String) -> String {
        "\(stem)_\(recipe.readableName)_\(recipe.contentDigest(toolVersion: toolVersion).prefix(Self.digestLength)).npz"
    }

    /// Where features of a recipe lie or would lie.
    ///
    /// - Parameter recipe: Every setting counts.
    /// - Returns: Folder and name.
    public func path(for recipe: FeatureRecipe) -> String { "\(folder)/\(fileName(for: recipe))" }

    /// Stores an array under the name of its recipe; a file of that name is replaced.
    ///
    /// - Parameters:
    ///   - array: Codes of any integer type, or floating-point features.
    ///   - manifest: The manifest of exactly this array, by this version of the program.
    /// - Returns: The file's path.
    /// - Throws: ``FeatureError/badArray(path:problem:)`` when the array is not the manifest's or a code lies outside
    ///   0...1023, ``FeatureError/badManifest(path:problem:)``, ``FeatureError/file(_:)``.
    @discardableResult
    public func store(_ array: NumericArray, manifest: FeatureManifest) throws(FeatureError) -> String {
        let path = path(for: manifest.recipe)
        guard manifest.toolVersion == toolVersion else {
            throw .badManifest(
                path: path,
                problem: "tool_version is \(manifest.toolVersion), this program is \(toolVersion); make the features"
                    + " again")
        }
        try manifest.verify(array)
        let (stored, inner) = try packed(array, manifest)
        let json = try inner.json(path: path)
        try createFolder()
        try wrap { () throws(ArrayFileError) in
            var writer = ZipWriter(path: path)
            try writer.add("features.npy", stored, method: .stored)
            try writer.add("manifest.json", json, method: .stored)
            try AtomicFile.write(writer.finished(), to: path)
        }
        return path
    }

    /// Codes as uint16 with the manifest to match; everything else unchanged.
    private func packed(
        _ array: NumericArray, _ manifest: FeatureManifest
    ) throws(FeatureError) -> ([UInt8], FeatureManifest) {
        guard !array.elementType.isFloatingPoint else {
            return (NpyHeader.encode(shape: array.shape, elementType: array.elementType) + array.bytes, manifest)
        }
        let facts = ArrayFacts(array)
        if let index = facts.outsideCodes.firstIndex, let value = facts.outsideCodes.firstValue {
            throw .badArray(
                path: array.origin, problem: "holds \(value) at \(facts.place(index)), outside the codes 0...1023")
        }
        let codes = try wrap { () throws(ArrayFileError) in try array.tensor(of: UInt16.self) }
        var inner = manifest
        inner.elementType = .uint16
        inner.arraySHA256 = FeatureManifest.digest(of: codes)
        return (NpyFile.encode(codes), inner)
    }

    /// Creates the folder where it is missing, so that work does not begin in vain.
    ///
    /// - Throws: ``FeatureError/file(_:)`` when it cannot be created or written.
    public func prepare() throws(FeatureError) {
        try createFolder()
        guard access(folder, W_OK | X_OK) == 0 else {
            throw .file(.system(operation: "write into the folder", path: folder, code: errno))
        }
    }

    func createFolder() throws(FeatureError) {
        guard mkdir(folder, 0o777) != 0, errno != EEXIST else { return }
        throw .file(.system(operation: "create the folder", path: folder, code: errno))
    }
}
