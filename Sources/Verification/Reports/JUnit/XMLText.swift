/// Text made fit for XML 1.0.
enum XMLText {
    /// Replaces what XML 1.0 forbids by a visible name such as `#x1B`; no reference could make it legal.
    ///
    /// - Parameter text: Anything.
    /// - Returns: The text, with `#x` and the hexadecimal number in place of control characters, U+FFFE and U+FFFF.
    static func cleaned(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !isLegal($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isLegal(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "#x" + String(scalar.value, radix: 16, uppercase: true)
            }
        }
        return result
    }

    /// Cleaned text on one line, for messages: readers cut attributes at line ends, or show them as spaces.
    ///
    /// - Parameter text: Anything.
    /// - Returns: The text with each run of white space and control characters of a line break as one space.
    static func oneLine(_ text: String) -> String {
        cleaned(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }

    /// The scalars of XML 1.0's production Char; Swift's strings hold no surrogates.
    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
