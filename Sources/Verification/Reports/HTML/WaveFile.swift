/// The part of RIFF WAVE that attachments use: 16-bit and float samples, any channels and rate.
///
/// The report has a small reader of its own: it may not import the rooms it judges.
struct WaveFile {
    let sampleRate: Int
    /// The mean of the channels, full scale at 1.
    let samples: [Float]

    /// Longer files are linked, not drawn: ten minutes at 24 kHz.
    static let sampleLimit = 14_400_000

    init(sampleRate: Int, samples: [Float]) {
        self.sampleRate = sampleRate
        self.samples = samples
    }

    /// Reads a file.
    ///
    /// - Returns: Nil for anything but finite 16-bit or 32-bit float samples at 8 kHz to 192 kHz.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 12, Self.tag(bytes, 0) == "RIFF", Self.tag(bytes, 8) == "WAVE" else { return nil }
        var place = 12
        var format: (code: Int, channels: Int, rate: Int, bits: Int)?
        var body: Range<Int>?
        while place + 8 <= bytes.count, body == nil {
            let length = Self.number(bytes, place + 4, 4)
            let range = place + 8..<min(place + 8 + length, bytes.count)
            if Self.tag(bytes, place) == "fmt ", range.count >= 16 { format = Self.format(bytes, range) }
            if Self.tag(bytes, place) == "data" { body = range }
            place = range.upperBound + length % 2
        }
        guard let format, let body, (1...64).contains(format.channels), (8000...192_000).contains(format.rate),
            let values = Self.values(bytes, body, code: format.code, bits: format.bits),
            values.count >= format.channels, values.count / format.channels <= Self.sampleLimit
        else { return nil }
        sampleRate = format.rate
        samples = stride(from: 0, through: values.count - format.channels, by: format.channels).map { start in
            values[start..<start + format.channels].reduce(0, +) / Float(format.channels)
        }
    }

    /// One channel of 16 bits; samples beyond full scale are clipped.
    var encoded: [UInt8] {
        let body = samples.flatMap { sample -> [UInt8] in
            let scaled = Int16((min(max(sample, -1), 1) * 32767).rounded())
            return Self.littleEndian(Int(scaled), 2)
        }
        let format =
            Self.littleEndian(1, 2) + Self.littleEndian(1, 2) + Self.littleEndian(sampleRate, 4)
            + Self.littleEndian(sampleRate * 2, 4) + Self.littleEndian(2, 2) + Self.littleEndian(16, 2)
        return Array("RIFF".utf8) + Self.littleEndian(36 + body.count, 4) + Array("WAVEfmt ".utf8)
            + Self.littleEndian(16, 4) + format + Array("data".utf8) + Self.littleEndian(body.count, 4) + body
    }

    private static func format(_ bytes: [UInt8], _ range: Range<Int>) -> (Int, Int, Int, Int) {
        let start = range.lowerBound
        var code = number(bytes, start, 2)
        // The extensible form keeps the code in the first two bytes of its sub-format.
        if code == 0xFFFE, range.count >= 26 { code = number(bytes, start + 24, 2) }
        return (code, number(bytes, start + 2, 2), number(bytes, start + 4, 4), number(bytes, start + 14, 2))
    }

    private static func values(_ bytes: [UInt8], _ body: Range<Int>, code: Int, bits: Int) -> [Float]? {
        switch (code, bits) {
        case (1, 16):
            return (0..<body.count / 2).map {
                Float(Int16(truncatingIfNeeded: number(bytes, body.lowerBound + 2 * $0, 2))) / 32768
            }
        case (3, 32):
            let values = (0..<body.count / 4).map {
                Float(bitPattern: UInt32(number(bytes, body.lowerBound + 4 * $0, 4)))
            }
            return values.allSatisfy(\.isFinite) ? values : nil
        default: return nil
        }
    }

    private static func tag(_ bytes: [UInt8], _ place: Int) -> String {
        String(decoding: bytes[place..<place + 4], as: UTF8.self)
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ width: Int) -> Int {
        (0..<width).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    private static func littleEndian(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
