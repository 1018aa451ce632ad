/// The elements of a page, read strictly: what HTML would silently repair is a problem here.
struct PageOutline {
    struct Element {
        let name: String
        let attributes: [String: String]
        /// Text inside, children's included, entities as written.
        var text = ""
    }

    private static let void: Set<String> = ["meta", "link", "img", "input", "br"]
    private(set) var elements: [Element] = []
    private(set) var problems: [String] = []

    /// Reads elements until the text ends.
    init(_ html: String) {
        let bytes = Array(html.utf8)
        var open: [Int] = []
        var place = 0
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                let end = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
                let text = String(decoding: bytes[place..<end], as: UTF8.self)
                if !text.allSatisfy(\.isWhitespace) { for index in open { elements[index].text += text } }
                place = end
                continue
            }
            guard let end = Self.end(of: place, in: bytes) else {
                problems.append("a tag at \(place) does not end")
                return
            }
            let tag = String(decoding: bytes[place + 1..<end], as: UTF8.self)
            place = end + 1
            if tag.hasPrefix("!") { continue }
            if tag.hasPrefix("/") { close(String(tag.dropFirst()), &open) } else { start(tag, &open) }
            // What scripts and styles hold is no markup.
            if let name = elements.last?.name, ["script", "style"].contains(name), !tag.hasPrefix("/") {
                place = Self.find("</\(name)>", from: place, in: bytes) ?? bytes.count
            }
        }
        problems += open.map { "<\(elements[$0].name)> is not closed" }
    }

    /// The element with an id.
    func element(id: String) -> Element? { elements.first { $0.attributes["id"] == id } }

    private mutating func start(_ tag: String, _ open: inout [Int]) {
        let name = String(tag.prefix { !$0.isWhitespace })
        elements.append(Element(name: name, attributes: attributes(tag.dropFirst(name.count))))
        if !Self.void.contains(name) { open.append(elements.count - 1) }
    }

    private mutating func close(_ name: String, _ open: inout [Int]) {
        guard let last = open.popLast(), elements[last].name == name else {
            problems.append("</\(name)> closes something else")
            return
        }
    }

    private mutating func attributes(_ text: Substring) -> [String: String] {
        var found: [String: String] = [:]
        var rest = text.drop(while: \.isWhitespace)
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "=" && !$0.isWhitespace }
            rest = rest.dropFirst(name.count)
            var value = ""
            if rest.hasPrefix("=\"") {
                value = String(rest.dropFirst(2).prefix { $0 != "\"" })
                rest = rest.dropFirst(3 + value.count)
            }
            if found.updateValue(value, forKey: String(name)) != nil { problems.append("two attributes \(name)") }
            rest = rest.drop(while: \.isWhitespace)
        }
        return found
    }

    /// The place of the `>` that ends a tag, outside quotes.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        var isQuoted = false
        for place in start..<bytes.count {
            if bytes[place] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if bytes[place] == UInt8(ascii: ">"), !isQuoted { return place }
        }
        return nil
    }

    private static func find(_ text: String, from start: Int, in bytes: [UInt8]) -> Int? {
        let wanted = Array(text.utf8)
        var place = start
        while let next = bytes[place...].firstIndex(of: wanted[0]) {
            if bytes[next...].starts(with: wanted) { return next }
            place = next + 1
        }
        return nil
    }
}
