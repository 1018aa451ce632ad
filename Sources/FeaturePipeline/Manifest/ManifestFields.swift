internal import NumericCore

/// The members of a manifest's JSON object: every key of the schema, and no other.
struct ManifestFields<Key: RawRepresentable & CaseIterable & Equatable> where Key.RawValue == String {
    private let values: [String: HeaderJSON]
    private let path: String

    /// Checks schema and keys.
    init(_ json: HeaderJSON, path: String, schema: String) throws(FeatureError) {
        self.path = path
        guard let members = json.members else { throw .badManifest(path: path, problem: "is not a JSON object") }
        values = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
        let found = values["schema"]?.text ?? "none"
        guard found == schema else {
            throw .badManifest(
                path: path,
                problem:
                    "has schema \"\(found.prefix(80))\", this program reads \"\(schema)\"; make the "
                    + "features again with this version")
        }
        if let unknown = members.first(where: { Key(rawValue: $0.key) == nil }) {
            throw .badManifest(path: path, problem: "has the unknown key \"\(unknown.key.prefix(80))\"; remove it")
        }
        if let missing = Key.allCases.first(where: { values[$0.rawValue] == nil }) {
            throw .badManifest(path: path, problem: "has no key \"\(missing.rawValue)\"; make the features again")
        }
    }

    func isNull(_ key: Key) -> Bool { values[key.rawValue] == .null }

    /// The value under a key, for readers of its own.
    subscript(key: Key) -> HeaderJSON? { values[key.rawValue] }

    /// Whether keys that belong together are there; all or none are null.
    func isGroup(_ first: Key, _ others: [Key]) throws(FeatureError) -> Bool {
        let isPresent = values[first.rawValue] != .null
        for key in others where (values[key.rawValue] != .null) != isPresent {
            throw wrong(key, isPresent ? "a value, as \(first.rawValue) has one" : "null, as \(first.rawValue) is")
        }
        return isPresent
    }

    func text(_ key: Key) throws(FeatureError) -> String {
        guard let text = values[key.rawValue]?.text else { throw wrong(key, "a text") }
        return text
    }

    func integer(_ key: Key) throws(FeatureError) -> Int {
        guard let value = values[key.rawValue]?.integer else { throw wrong(key, "an integer") }
        return value
    }

    func integers(_ key: Key) throws(FeatureError) -> [Int] {
        guard let values = values[key.rawValue]?.integers, values.count <= FeatureManifest.maximumTRCount else {
            throw wrong(key, "a list of at most \(FeatureManifest.maximumTRCount) integers")
        }
        return values
    }

    func truth(_ key: Key) throws(FeatureError) -> Bool {
        guard case .bool(let value) = values[key.rawValue] else { throw wrong(key, "true or false") }
        return value
    }

    func number(_ key: Key) throws(FeatureError) -> Double {
        guard case .number(let text) = values[key.rawValue], let value = Double(text), value.isFinite else {
            throw wrong(key, "a finite number")
        }
        return value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: Key
    ) throws(FeatureError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try text(key)) else {
            throw wrong(key, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    func optional<Value>(
        _ key: Key, _ read: (Key) throws(FeatureError) -> Value
    ) throws(FeatureError) -> Value? {
        values[key.rawValue] == .null ? nil : try read(key)
    }

    func wrong(_ key: Key, _ expected: String) -> FeatureError {
        .badManifest(path: path, problem: "\(key.rawValue) must be \(expected)")
    }
}
