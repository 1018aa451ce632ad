/// A JSON value with object members in file order, for headers that decide how much memory is taken.
///
/// Strict RFC 8259: duplicate keys, trailing text, bare NaN, lone surrogates and deep nesting are errors.
package enum HeaderJSON: Sendable, Equatable {
    /// Members in file order, keys all different.
    case object([Member])
    /// Values in order.
    case array([HeaderJSON])
    /// Text.
    case string(String)
    /// A number as it is written; `integer` reads it.
    case number(String)
    /// true or false.
    case bool(Bool)
    /// null.
    case null

    /// A key and its value.
    package struct Member: Sendable, Equatable {
        /// The key.
        package let key: String
        /// The value.
        package let value: HeaderJSON
    }

    /// Parses a whole text.
    ///
    /// - Parameters:
    ///   - text: UTF-8 bytes; white space may surround the value.
    ///   - path: For the error.
    /// - Throws: `ArrayFileError.malformed` with the position.
    package init(parsing text: [UInt8], path: String) throws(ArrayFileError) {
        var parser = HeaderJSONParser(text, path: path)
        self = try parser.document()
    }

    /// The members of an object, or nil.
    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The value under a key of an object, or nil.
    ///
    /// - Parameter key: The key.
    package subscript(key: String) -> HeaderJSON? { members?.first { $0.key == key }?.value }

    /// The text of a string, or nil.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a number written as a plain integer that fits, or nil.
    package var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The integers of an array of nothing else, or nil.
    package var integers: [Int]? {
        guard case .array(let values) = self else { return nil }
        let integers = values.compactMap(\.integer)
        return integers.count == values.count ? integers : nil
    }
}
