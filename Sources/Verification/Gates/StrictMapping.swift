internal import Yams

/// A YAML mapping read key by key; a key that nobody asked for is an error.
struct StrictMapping {
    let path: String
    let line: Int
    private let pairs: [String: (value: Node, line: Int)]
    private let order: [String]

    init(_ node: Node, path: String, key: String) throws(GateFileError) {
        self.path = path
        line = node.mark?.line ?? 1
        guard let mapping = node.mapping else {
            throw GateFileError(
                path: path, line: line, key: key, problem: "is not a mapping", remedy: "write lines of 'key: value'")
        }
        var pairs: [String: (value: Node, line: Int)] = [:]
        var order: [String] = []
        for (name, value) in mapping {
            let line = name.mark?.line ?? line
            guard let text = name.scalar?.string else {
                throw GateFileError(
                    path: path, line: line, key: key, problem: "has a key that is not a word", remedy: "name the key")
            }
            pairs[text] = (value, line)
            order.append(text)
        }
        self.pairs = pairs
        self.order = order
    }

    /// - Throws: When a key is none of those allowed; names the nearest one.
    func allow(_ allowed: [String]) throws(GateFileError) {
        guard let stranger = order.first(where: { !allowed.contains($0) }) else { return }
        let near = allowed.filter { $0.lowercased() == stranger.lowercased() || $0.hasPrefix(stranger.prefix(4)) }
        throw error(
            stranger, "is no key here", "use \(near.first.map { "'\($0)'" } ?? allowed.joined(separator: ", "))")
    }

    func has(_ key: String) -> Bool { pairs[key] != nil }

    func error(_ key: String, _ problem: String, _ remedy: String) -> GateFileError {
        GateFileError(path: path, line: pairs[key]?.line ?? line, key: key, problem: problem, remedy: remedy)
    }

    func lineNumber(_ key: String) -> Int { pairs[key]?.line ?? line }

    /// A text that is not empty.
    func text(_ key: String) throws(GateFileError) -> String {
        guard let node = pairs[key]?.value else { throw error(key, "is missing", "add '\(key): ...'") }
        guard let scalar = node.scalar, node.tag.rawValue == Tag.Name.str.rawValue else {
            throw error(key, "is not a text", "write a text, in quotes where it looks like a number")
        }
        let text = scalar.string.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else { throw error(key, "is empty", "write a text") }
        return text
    }

    /// A day, which YAML may take for a time stamp.
    func day(_ key: String) throws(GateFileError) -> CalendarDay {
        guard let text = pairs[key]?.value.scalar?.string, let day = CalendarDay(text) else {
            throw error(key, "is not a day", "write it as 2027-01-31")
        }
        return day
    }

    /// A finite number.
    func number(_ key: String, in range: ClosedRange<Double>? = nil) throws(GateFileError) -> Double {
        guard let node = pairs[key]?.value else { throw error(key, "is missing", "add '\(key): NUMBER'") }
        let value = try number(node, key)
        if let range, !range.contains(value) {
            throw error(key, "is \(value)", "choose a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private func number(_ node: Node, _ key: String) throws(GateFileError) -> Double {
        let tag = node.tag.rawValue
        let isNumber = tag == Tag.Name.float.rawValue || tag == Tag.Name.int.rawValue
        guard isNumber, let value = node.float ?? node.int.map(Double.init), value.isFinite else {
            throw error(key, "is not a finite number", "write a number without quotes")
        }
        return value
    }

    /// A whole number.
    func count(_ key: String, in range: ClosedRange<Int>) throws(GateFileError) -> Int {
        guard let node = pairs[key]?.value else { throw error(key, "is missing", "add '\(key): NUMBER'") }
        guard node.tag.rawValue == Tag.Name.int.rawValue, let value = node.int, range.contains(value) else {
            throw error(
                key, "is not a whole number from \(range.lowerBound) to \(range.upperBound)", "write such a number")
        }
        return value
    }

    /// Two finite numbers in ascending order.
    func range(_ key: String) throws(GateFileError) -> ClosedRange<Double> {
        guard let nodes = pairs[key]?.value.sequence, nodes.count == 2 else {
            throw error(key, "is not a pair of numbers", "write '\(key): [LOWEST, HIGHEST]'")
        }
        let (low, high) = (try number(nodes[0], key), try number(nodes[1], key))
        guard low <= high else { throw error(key, "runs from \(low) down to \(high)", "swap the numbers") }
        return low...high
    }

    /// One of a closed set of words.
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(GateFileError) -> Choice
    where Choice.RawValue == String {
        let text = try text(key)
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(key, "is '\(text)'", "choose one of \(words)")
        }
        return choice
    }

    /// A list of words of a closed set, at least one, each once.
    func choices<Choice: RawRepresentable & CaseIterable & Hashable>(_ key: String) throws(GateFileError) -> Set<Choice>
    where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        let remedy = "write '\(key): [...]' with any of \(words)"
        guard let nodes = pairs[key]?.value.sequence, !nodes.isEmpty else { throw error(key, "is no list", remedy) }
        var result: Set<Choice> = []
        for node in nodes {
            let word = node.scalar?.string ?? ""
            guard let choice = Choice(rawValue: word), result.insert(choice).inserted else {
                throw error(key, "holds '\(word)'", remedy)
            }
        }
        return result
    }

    /// A mapping inside this one.
    func mapping(_ key: String) throws(GateFileError) -> StrictMapping {
        guard let node = pairs[key]?.value else { throw error(key, "is missing", "add '\(key):'") }
        return try StrictMapping(node, path: path, key: key)
    }

    /// The mappings of a list.
    func mappings(_ key: String) throws(GateFileError) -> [StrictMapping] {
        guard let nodes = pairs[key]?.value.sequence, !nodes.isEmpty else {
            throw error(key, "is not a list with at least one entry", "write '\(key):' and entries that begin with '-'")
        }
        var result: [StrictMapping] = []
        for node in nodes { result.append(try StrictMapping(node, path: path, key: key)) }
        return result
    }
}
