internal import Glibc
public import NumericCore

/// An array of a file with what stands beside it, ready for format detection.
public struct FeatureFile: Sendable {
    /// What kind of file it came from.
    public enum Origin: Sendable, Hashable {
        /// A lone array, or a member of an archive that says nothing more.
        case array
        /// A cache of this program.
        case cache
        /// A cache of the Python system, with the settings it does not state.
        case pythonCache(missing: [String])
        /// Codes of a whole recording, as `encode` writes them.
        case recordingCodes
    }

    /// The path, or `path!member`.
    public let label: String
    /// The array.
    public let array: NumericArray
    /// What stands beside it, or nil.
    public let sidecar: ArrayManifest?
    /// What the array is as features by its manifest, or nil.
    public var manifest: FeatureManifest? { sidecar?.features }
    /// What kind of file it came from.
    public let origin: Origin

    /// Reads the arrays of a file that may be features.
    ///
    /// A `.npy` brings the manifest beside it. Of an `.npz` with a manifest, and of a cache of the Python system, only the
    /// features are returned; of any other every member. `path!member` asks for one member. Whether a file is an archive
    /// is told by its bytes.
    ///
    /// - Parameter path: A file, or a file and a member.
    /// - Returns: At least one array.
    /// - Throws: ``FeatureError`` when the file, the member or the manifest cannot be read.
    public static func read(path: String) throws(FeatureError) -> [FeatureFile] {
        let (file, member) = split(path)
        let source = try wrap { () throws(ArrayFileError) in try ByteSource.open(path: file) }
        let mark = try wrap { () throws(ArrayFileError) in
            try source.read(at: 0, count: min(2, source.count), part: "the start of the file")
        }
        if mark == [0x50, 0x4B] { return try members(of: source, only: member) }
        if let member {
            throw .badRequest(problem: "'\(file)' is no .npz, so it has no member \"\(member)\"; give the file alone")
        }
        let array = try wrap { () throws(ArrayFileError) in try NpyFile.decode(source) }
        return [
            FeatureFile(
                label: path, array: array, sidecar: try ArrayManifest.readSidecar(of: path), origin: .array)
        ]
    }

    /// Says what the array is.
    ///
    /// - Parameter repetitionTime: The TR, when it is known and there is no manifest.
    /// - Returns: The format with evidence.
    public func detect(repetitionTime: RepetitionTime? = nil) -> FormatDetection {
        guard origin == .recordingCodes else {
            return FeatureFormat.detect(array, sidecar: sidecar, repetitionTime: repetitionTime)
        }
        let why =
            "these are the codes of a whole recording (sample_count stands beside them), not cut into TRs; use decode"
        return FormatDetection(format: .unknown(why: why), evidence: [], concerns: [], facts: ArrayFacts(array))
    }

    /// A path and the member after its last "!", unless a file of the whole name exists.
    private static func split(_ path: String) -> (file: String, member: String?) {
        guard access(path, F_OK) != 0, let mark = path.lastIndex(of: "!") else { return (path, nil) }
        return (String(path[..<mark]), String(path[path.index(after: mark)...]))
    }

    private static func members(of source: ByteSource, only member: String?) throws(FeatureError) -> [FeatureFile] {
        let archive = try wrap { () throws(ArrayFileError) in try ZipArchive(source) }
        let file = try wrap { () throws(ArrayFileError) in try NpzFile(source) }
        let (names, origin) = wanted(file.names, hasManifest: archive.names.contains("manifest.json"), only: member)
        guard !names.isEmpty else {
            throw .file(.missing(path: source.path, name: "array", available: archive.names))
        }
        // The columns beside the features must not contradict them.
        if case .pythonCache = origin { _ = try PythonFeatureCache.read(source) }
        let manifest = origin == .cache ? try FeatureCache.manifest(in: archive) : nil
        var result: [FeatureFile] = []
        for name in names {
            let array = try wrap { () throws(ArrayFileError) in try file.array(name) }
            let isCodes = origin == .recordingCodes && name == "codes"
            result.append(
                FeatureFile(
                    label: "\(source.path)!\(name)", array: array,
                    sidecar: name == "features" ? manifest.map { .features($0) } : nil,
                    origin: origin == .recordingCodes && !isCodes ? .array : origin))
        }
        return result
    }

    /// Which members to read, and what the archive is.
    private static func wanted(
        _ names: [String], hasManifest: Bool, only member: String?
    ) -> (names: [String], origin: Origin) {
        if let member, member != "features" { return ([member], isRecording(names) ? .recordingCodes : .array) }
        if hasManifest, names.contains("features") { return (["features"], .cache) }
        if PythonFeatureCache.isOne(memberNames: names) {
            return (["features"], .pythonCache(missing: PythonFeatureCache.missing))
        }
        if let member { return ([member], .array) }
        return isRecording(names) ? (["codes"], .recordingCodes) : (names, .array)
    }

    private static func isRecording(_ names: [String]) -> Bool {
        names.contains("codes") && names.contains("sample_count")
    }
}
