import NumericCore
import TestSupport
import Testing

struct ZlibTests {
    private static let text = Array((0..<5000).flatMap { "\($0 % 37) of \($0 % 101); ".utf8 })

    @Test("Each format has its own head and tail around the same stream")
    func formats() throws {
        let raw = try #require(Zlib.deflate(Self.text, .raw))
        let gzip = try #require(Zlib.deflate(Self.text, .gzip))
        let zlib = try #require(Zlib.deflate(Self.text, .zlib))
        // RFC 1952: deflate, no flags, no time; then CRC-32 and size. RFC 1950: 32 KiB window, level 6; then Adler-32.
        #expect(Array(gzip.prefix(8)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(Array(gzip[10..<gzip.count - 8]) == raw)
        #expect(gzip.littleEndian(at: gzip.count - 8, as: UInt32.self) == Zlib.checksum(Self.text))
        #expect(gzip.littleEndian(at: gzip.count - 4, as: UInt32.self) == UInt32(Self.text.count))
        #expect(Array(zlib.prefix(2)) == [0x78, 0x9C] && Array(zlib[2..<zlib.count - 4]) == raw)
        #expect(Zlib.inflate(raw, expectedCount: Self.text.count) == Self.text)
    }

    @Test("Most effort is said in the head and gives another stream of the same bytes")
    func effort() throws {
        let zlib = try #require(Zlib.deflate(Self.text, .zlib, effort: .most))
        let gzip = try #require(Zlib.deflate(Self.text, .gzip, effort: .most))
        #expect(Array(zlib.prefix(2)) == [0x78, 0xDA] && gzip[8] == 2)
        #expect(try #require(Zlib.deflate(Self.text, .zlib)).dropFirst(2) != zlib.dropFirst(2))
        #expect(Zlib.inflate(Array(zlib[2..<zlib.count - 4]), expectedCount: Self.text.count) == Self.text)
    }

    @Test("A stream of another length, with a rest or with a changed byte is none")
    func damage() throws {
        let raw = try #require(Zlib.deflate(Self.text, .raw))
        #expect(Zlib.inflate(raw, expectedCount: Self.text.count - 1) == nil)
        #expect(Zlib.inflate(raw, expectedCount: Self.text.count + 1) == nil)
        #expect(Zlib.inflate(raw + [0], expectedCount: Self.text.count) == nil)
        #expect(Zlib.inflate(Array(raw.dropLast()), expectedCount: Self.text.count) == nil)
        #expect(Zlib.deflate([], .raw) == [3, 0] && Zlib.inflate([3, 0], expectedCount: 0) == [])
    }

    @Test("The CRC-32 is the published one, in pieces too")
    func checksum() {
        let digits = Array("123456789".utf8)
        #expect(Zlib.checksum(digits) == 0xCBF4_3926 && Zlib.checksum([]) == 0)
        for split in 0...9 {
            var pieces = ZipChecksum()
            for part in [digits[..<split], digits[split...]] { pieces.update(Array(part)) }
            #expect(pieces.value == 0xCBF4_3926)
        }
    }
}
