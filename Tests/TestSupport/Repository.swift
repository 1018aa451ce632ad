public import Foundation

/// Finds files of the checkout from inside a test, whatever the working directory is.
public enum Repository {
    /// The checkout's top folder: the nearest parent of this file that holds Package.swift.
    public static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path) {
            precondition(folder.path != "/", "no Package.swift above \(#filePath)")
            folder = folder.deletingLastPathComponent()
        }
        return folder
    }()

    /// A path inside `GoldenData/`.
    ///
    /// - Parameter path: Relative path, such as `encodec/small/codes.npy`.
    /// - Returns: Its URL; the file need not exist (loading it then fails the test).
    public static func golden(_ path: String) -> URL {
        root.appendingPathComponent("GoldenData").appendingPathComponent(path)
    }

    /// The folder of real recordings beside the checkout, or nil where it is not laid out.
    public static var sharedAudio: URL? {
        let folder = root.deletingLastPathComponent().appendingPathComponent("shared/audio")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }
}
