/// Reads the one Python literal a `.npy` header consists of; nothing is evaluated.
struct NpyLiteralReader {
    struct Fields {
        let descriptor: String
        let isColumnMajor: Bool
        let shape: [Int]
    }

    private let text: [UInt8]
    private let path: String
    private var position = 0

    init(_ text: [UInt8], path: String) {
        self.text = text
        self.path = path
    }

    /// The three fields of the dictionary, each exactly once and no other.
    mutating func fields() throws(ArrayFileError) -> Fields {
        var descriptor: String?
        var isColumnMajor: Bool?
        var shape: [Int]?
        try expect("{")
        while !accept("}") {
            let key = try string()
            try expect(":")
            switch key {
            case "descr" where descriptor == nil: descriptor = try typeText()
            case "fortran_order" where isColumnMajor == nil: isColumnMajor = try truth()
            case "shape" where shape == nil: shape = try tuple()
            default: throw malformed("the key \"\(key)\" is unknown or comes twice")
            }
            if !accept(",") {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard position == text.count else { throw malformed("text follows the closing brace") }
        guard let descriptor, let isColumnMajor, let shape else {
            throw malformed("one of descr, fortran_order and shape is missing")
        }
        return Fields(descriptor: descriptor, isColumnMajor: isColumnMajor, shape: shape)
    }

    private mutating func typeText() throws(ArrayFileError) -> String {
        skipSpace()
        if position < text.count, text[position] == UInt8(ascii: "[") {
            throw .unsupported(path: path, reason: "it holds records with fields; save each field as its own array")
        }
        return try string()
    }

    private mutating func string() throws(ArrayFileError) -> String {
        skipSpace()
        guard position < text.count else { throw malformed("it ends where a quoted text is due") }
        let quote = text[position]
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { throw malformed("a quote is due") }
        position += 1
        let start = position
        while position < text.count, text[position] != quote { position += 1 }
        guard position < text.count else { throw malformed("a quoted text does not end") }
        defer { position += 1 }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private mutating func truth() throws(ArrayFileError) -> Bool {
        skipSpace()
        for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw malformed("True or False is due")
    }

    private mutating func tuple() throws(ArrayFileError) -> [Int] {
        try expect("(")
        var extents: [Int] = []
        while !accept(")") {
            extents.append(try integer())
            guard extents.count <= ArrayExtents.maximumRank else {
                throw malformed("the shape has more than \(ArrayExtents.maximumRank) extents")
            }
            if !accept(",") {
                guard extents.count > 1 else { throw malformed("the shape is not a tuple") }
                try expect(")")
                break
            }
        }
        return extents
    }

    private mutating func integer() throws(ArrayFileError) -> Int {
        skipSpace()
        let start = position
        if position < text.count, text[position] == UInt8(ascii: "-") { position += 1 }
        while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) { position += 1 }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        guard let value = Int(digits) else { throw malformed("\"\(digits)\" is not an extent") }
        // Python 2 wrote long integers with this suffix.
        if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
        return value
    }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(ArrayFileError) {
        guard accept(character) else { throw malformed("\"\(character)\" is due") }
    }

    private func malformed(_ reason: String) -> ArrayFileError {
        .malformed(path: path, reason: "byte \(position) of the .npy header text: \(reason)")
    }
}
