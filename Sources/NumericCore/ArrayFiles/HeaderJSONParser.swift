/// The recursive-descent parser behind `HeaderJSON`.
struct HeaderJSONParser {
    private static let maximumDepth = 32

    private let text: [UInt8]
    private let path: String
    private var position = 0

    init(_ text: [UInt8], path: String) {
        self.text = text
        self.path = path
    }

    mutating func document() throws(ArrayFileError) -> HeaderJSON {
        let result = try value(depth: 0)
        skipSpace()
        guard position == text.count else { throw malformed("text follows the value") }
        return result
    }

    private mutating func value(depth: Int) throws(ArrayFileError) -> HeaderJSON {
        guard depth < Self.maximumDepth else { throw malformed("nesting exceeds \(Self.maximumDepth) levels") }
        skipSpace()
        guard position < text.count else { throw malformed("a value is due") }
        switch text[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(ArrayFileError) -> HeaderJSON {
        position += 1
        var members: [HeaderJSON.Member] = []
        var keys: Set<String> = []
        if accept("}") { return .object([]) }
        repeat {
            skipSpace()
            let key = try string()
            guard keys.insert(key).inserted else { throw malformed("the key \"\(key)\" comes twice") }
            guard accept(":") else { throw malformed("\":\" is due") }
            members.append(HeaderJSON.Member(key: key, value: try value(depth: depth + 1)))
        } while accept(",")
        guard accept("}") else { throw malformed("\",\" or \"}\" is due") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(ArrayFileError) -> HeaderJSON {
        position += 1
        var values: [HeaderJSON] = []
        if accept("]") { return .array([]) }
        repeat { values.append(try value(depth: depth + 1)) } while accept(",")
        guard accept("]") else { throw malformed("\",\" or \"]\" is due") }
        return .array(values)
    }

    private mutating func word(_ word: String, _ value: HeaderJSON) throws(ArrayFileError) -> HeaderJSON {
        guard text[position...].starts(with: word.utf8) else { throw malformed("a value is due") }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(ArrayFileError) -> String {
        let start = position
        _ = acceptByte("-")
        let integerStart = position
        let integerDigits = digits()
        let hasLeadingZero = integerDigits > 1 && text[integerStart] == UInt8(ascii: "0")
        var isValid = integerDigits > 0 && !hasLeadingZero
        if acceptByte(".") { isValid = digits() > 0 && isValid }
        if acceptByte("e") || acceptByte("E") {
            if !acceptByte("+") { _ = acceptByte("-") }
            isValid = digits() > 0 && isValid
        }
        guard isValid else { throw malformed("a value is due") }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = position
        while position < text.count, text[position] >= 0x30, text[position] <= 0x39 { position += 1 }
        return position - start
    }

    private mutating func string() throws(ArrayFileError) -> String {
        guard acceptByte("\"") else { throw malformed("a quoted text is due") }
        var bytes: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let result = String(validating: bytes, as: UTF8.self) else { throw malformed("it is not UTF-8") }
                return result
            case UInt8(ascii: "\\"): bytes += try escape()
            case 0..<0x20: throw malformed("a control character is in a text")
            default: bytes.append(byte)
            }
        }
        throw malformed("a quoted text does not end")
    }

    private mutating func escape() throws(ArrayFileError) -> [UInt8] {
        guard position < text.count else { throw malformed("a quoted text does not end") }
        position += 1
        switch text[position - 1] {
        case UInt8(ascii: "\""): return [0x22]
        case UInt8(ascii: "\\"): return [0x5C]
        case UInt8(ascii: "/"): return [0x2F]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw malformed("an unknown escape is in a text")
        }
    }

    private mutating func unicodeEscape() throws(ArrayFileError) -> [UInt8] {
        var code = try fourDigits()
        if 0xD800..<0xDC00 ~= code, acceptByte("\\"), acceptByte("u") {
            let low = try fourDigits()
            guard 0xDC00..<0xE000 ~= low else { throw malformed("a surrogate is alone") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw malformed("a surrogate is alone") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func fourDigits() throws(ArrayFileError) -> UInt32 {
        guard text.count - position >= 4 else { throw malformed("an escape is cut off") }
        let digits = text[position..<position + 4]
        let isHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        guard isHexadecimal, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw malformed("an escape has no four digits")
        }
        position += 4
        return code
    }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        return acceptByte(character)
    }

    private mutating func acceptByte(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func malformed(_ reason: String) -> ArrayFileError {
        .malformed(path: path, reason: "byte \(position) of the JSON header: \(reason)")
    }
}
