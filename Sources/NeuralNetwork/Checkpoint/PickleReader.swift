import NumericCore

/// The pickle instructions that are understood; every other byte is refused.
enum PickleOpcode: UInt8 {
    case proto = 0x80
    case frame = 0x95
    case mark = 0x28
    case stop = 0x2E
    case pop = 0x30
    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case long1 = 0x8A
    case binFloat = 0x47
    case binUnicode = 0x58
    case shortBinUnicode = 0x8C
    case emptyTuple = 0x29
    case emptyList = 0x5D
    case emptyDict = 0x7D
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case append = 0x61
    case appends = 0x65
    case setItem = 0x73
    case setItems = 0x75
    case binPut = 0x71
    case longBinPut = 0x72
    case memoize = 0x94
    case binGet = 0x68
    case longBinGet = 0x6A
    case global = 0x63
    case stackGlobal = 0x93
    case binPersID = 0x51
    case reduce = 0x52
    case build = 0x62
}

/// Reads the operands of pickle instructions within bounds.
struct PickleReader {
    private let data: [UInt8]
    private let path: String
    /// Next byte to be read.
    private(set) var position = 0

    init(_ data: [UInt8], path: String) {
        self.data = data
        self.path = path
    }

    var isAtEnd: Bool { position == data.count }

    mutating func byte() throws(CheckpointError) -> UInt8 {
        guard position < data.count else { throw malformed("it ends before STOP") }
        defer { position += 1 }
        return data[position]
    }

    mutating func bytes(_ count: Int) throws(CheckpointError) -> [UInt8] {
        guard count <= data.count - position else { throw malformed("\(count) bytes are due but the pickle ends") }
        defer { position += count }
        return Array(data[position..<position + count])
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(CheckpointError) -> Value {
        try bytes(MemoryLayout<Value>.size).littleEndian(at: 0, as: type)
    }

    /// A little-endian two's complement integer of any stated length that fits 64 bits.
    mutating func long() throws(CheckpointError) -> Int64 {
        let digits = try bytes(Int(try byte()))
        guard digits.count <= 8 else { throw malformed("an integer has \(digits.count) bytes") }
        let isNegative = (digits.last ?? 0) >= 0x80
        let padding = [UInt8](repeating: isNegative ? 0xFF : 0, count: 8 - digits.count)
        return (digits + padding).littleEndian(at: 0, as: Int64.self)
    }

    mutating func text(_ count: Int) throws(CheckpointError) -> String {
        guard let text = String(validating: try bytes(count), as: UTF8.self) else {
            throw malformed("a text is not UTF-8")
        }
        return text
    }

    mutating func line() throws(CheckpointError) -> String {
        guard let end = data[position...].firstIndex(of: 0x0A) else { throw malformed("a name does not end") }
        let text = try text(end - position)
        position += 1
        return text
    }

    private func malformed(_ reason: String) -> CheckpointError {
        .malformedPickle(path: path, offset: position, reason: reason)
    }
}
