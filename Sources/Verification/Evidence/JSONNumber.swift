/// A number as JSON can hold it: the finite ones as numbers, the others as the texts `nan`, `inf` and `-inf`.
struct JSONNumber: Codable {
    let value: Double

    init(_ value: Double) { self.value = value }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            value = try container.decode(Double.self)
        } catch {
            let text = try container.decode(String.self)
            guard let value = ["nan": Double.nan, "inf": .infinity, "-inf": -.infinity][text] else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a number")
            }
            self.value = value
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if value.isFinite {
            try container.encode(value)
        } else {
            try container.encode(value.isNaN ? "nan" : value > 0 ? "inf" : "-inf")
        }
    }
}

extension KeyedDecodingContainer {
    /// An error that names the place.
    func problem(_ text: String, key: Key) -> DecodingError {
        .dataCorruptedError(forKey: key, in: self, debugDescription: text)
    }
}
