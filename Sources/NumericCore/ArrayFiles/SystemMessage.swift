import Glibc

/// The C library's text for an `errno` value.
///
/// - Parameter code: A value of `errno`.
/// - Returns: Text such as "No such file or directory".
package func systemMessage(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "unknown error" }
    return String(cString: text)
}
