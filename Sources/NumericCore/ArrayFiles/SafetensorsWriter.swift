/// Collects tensors for a `.safetensors` file whose bytes depend only on them.
///
/// The order is that of the reference writer for one kind of number: wider elements first, then by name; the header is
/// padded with spaces to 8 bytes.
public struct SafetensorsWriter: Sendable {
    private struct Item: Sendable {
        let typeName: String
        let size: Int
        let shape: [Int]
        let bytes: [UInt8]
    }

    private var items: [String: Item] = [:]
    private let metadata: [String: String]

    /// Starts an empty file.
    ///
    /// - Parameter metadata: Texts for `__metadata__`; left out when empty.
    public init(metadata: [String: String] = [:]) { self.metadata = metadata }

    /// Adds a tensor; one of the same name is replaced.
    ///
    /// - Parameters:
    ///   - tensor: Shape and values.
    ///   - name: Any text but `__metadata__`.
    public mutating func add<Element: ArrayElement>(_ tensor: Tensor<Element>, as name: String) {
        precondition(name != "__metadata__", "__metadata__ cannot name a tensor")
        let type = Element.arrayElementType
        let typeName = SafetensorsHeader.typesByName.first { $0.value == type }?.key ?? ""
        precondition(!typeName.isEmpty, "\(type) has no safetensors name")
        items[name] = Item(
            typeName: typeName, size: type.byteCount, shape: tensor.shape,
            bytes: tensor.elements.withUnsafeBytes { [UInt8]($0) })
    }

    /// Writes the file.
    ///
    /// - Parameter path: Where; an existing file is replaced only when the new one is complete.
    /// - Throws: `ArrayFileError.system`.
    public func write(to path: String) throws(ArrayFileError) {
        let file = try AtomicFile(path: path)
        try file.append(header)
        for name in order { try file.append(items[name]?.bytes ?? []) }
        try file.commit()
    }

    private var order: [String] {
        items.sorted { (-$0.value.size, $0.key) < (-$1.value.size, $1.key) }.map(\.key)
    }

    private var header: [UInt8] {
        var parts: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
            parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for name in order {
            guard let item = items[name] else { continue }
            let shape = item.shape.map { String($0) }.joined(separator: ",")
            let range = "\(offset),\(offset + item.bytes.count)"
            parts.append(
                "\(Self.quoted(name)):{\"dtype\":\"\(item.typeName)\",\"shape\":[\(shape)],\"data_offsets\":[\(range)]}"
            )
            offset += item.bytes.count
        }
        var text = Array("{\(parts.joined(separator: ","))}".utf8)
        while text.count % 8 != 0 { text.append(0x20) }
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt64(text.count))
        return bytes + text
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": return "\\\""
            case "\\": return "\\\\"
            case let control where control.value < 0x20:
                let digits = String(control.value, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: return String(Character(scalar))
            }
        }
        return "\"\(escaped.joined())\""
    }
}
