/// A shared library that the program runs with.
public struct SystemLibrary: Sendable, Equatable, Encodable {
    /// Its name, such as `FFTW`.
    public let name: String
    /// What it says its version is, at run time.
    public let version: String

    /// Names a library.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - version: What it says its version is.
    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}
