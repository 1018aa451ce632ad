internal import Foundation
internal import NumericCore

extension CodecFiles {
    /// The codec that lies inside the package, so that everything runs without a download.
    public static let embeddedName = "mini"

    /// The embedded codec's files, after the weights were held against the digest that was stored with them.
    ///
    /// - Returns: The files inside the package's resources.
    /// - Throws: ``EncodecError`` when a file is missing or the weights are not those of the card.
    static func embedded() throws(EncodecError) -> CodecFiles {
        let folder = Bundle.module.bundlePath + "/" + embeddedName
        var files = CodecFiles(
            specification: embeddedName, configurationPath: folder + "/config.json",
            weightsPath: folder + "/model.safetensors")
        let stored = FileManager.default.contents(atPath: folder + "/model.safetensors.sha256")
        let expected = stored.map { String(decoding: $0.prefix(64), as: UTF8.self) }
        guard let expected, expected.count == 64 else {
            throw .unreadable(
                path: folder, reason: "the digest of the embedded codec is missing; build the package again")
        }
        let found = try files.weightsDigest()
        guard found == expected else {
            throw .unreadable(
                path: files.weightsPath,
                reason: "its SHA-256 is \(found.prefix(12)), the embedded codec's is \(expected.prefix(12)); "
                    + "build the package again")
        }
        files.knownDigest = found
        return files
    }

    /// The numbers that were measured when the embedded codec was made: settings, data, quality by kind and bandwidth.
    ///
    /// - Returns: The JSON text of its card.
    /// - Throws: ``EncodecError/unreadable(path:reason:)``.
    public static func embeddedCard() throws(EncodecError) -> String {
        let path = Bundle.module.bundlePath + "/\(embeddedName)/card.json"
        guard let card = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "the embedded codec's card is missing; build the package again")
        }
        return String(decoding: card, as: UTF8.self)
    }
}
