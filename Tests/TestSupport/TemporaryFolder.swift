public import Foundation

/// A folder of its own that is removed when the value goes away.
public struct TemporaryFolder: ~Copyable {
    /// Where it is.
    public let url: URL

    /// Makes the folder.
    ///
    /// - Throws: What Foundation throws when it cannot be made.
    public init() throws {
        let parent = FileManager.default.temporaryDirectory
        let url = parent.appendingPathComponent("codecgate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.url = url
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch { print("\(url.path) stays behind: \(error)") }
    }

    /// The path of a file inside.
    ///
    /// - Parameter name: Its name.
    /// - Returns: An absolute path; nothing is created.
    public func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
