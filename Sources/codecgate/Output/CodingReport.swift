/// What `encode` and `decode` print as JSON; keys that one of them does not have are left out.
struct CodingReport: Encodable {
    /// Only when encoding.
    var bandwidthKbps: Double?
    let channels: Int
    /// Only when encoding.
    var chunks: Int?
    /// Only when decoding.
    var clippedSamples: Int?
    let codebooks: Int
    let codec: String
    /// How samples are stored; only when decoding.
    var encoding: String?
    let frames: Int
    let input: String
    let output: String
    let samples: Int
    let samplingRate: Int
    let weightsSha256: String
}
