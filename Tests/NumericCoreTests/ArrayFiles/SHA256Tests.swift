import NumericCore
import TestSupport
import Testing

struct SHA256Tests {
    @Test func `the examples of FIPS 180-4 come out`() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(SHA256.hexadecimal(of: Array("abc".utf8)) == abc)
        let twoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        let hash = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        #expect(SHA256.hexadecimal(of: Array(twoBlocks.utf8)) == hash)
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(SHA256.hexadecimal(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)) == million)
    }

    @Test func `lengths around a block agree with hashlib, in one piece and in many`() throws {
        for hash in try ArrayManifest.load().hashes {
            let bytes = (0..<hash.count).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
            #expect(SHA256.hexadecimal(of: bytes) == hash.sha256, "\(hash.count) bytes")
            var pieces = SHA256()
            var (start, step) = (0, 1)
            while start < bytes.count {
                pieces.update(Array(bytes[start..<min(bytes.count, start + step)]))
                (start, step) = (start + step, step + 1)
            }
            #expect(pieces.hexadecimal == hash.sha256, "\(hash.count) bytes in pieces")
        }
    }

    @Test func `golden files have the hashes of their manifest`() throws {
        for file in try ArrayManifest.load().files {
            #expect(try SHA256.hexadecimal(ofFile: file.path) == file.sha256, "\(file.file)")
        }
    }

    @Test func `the processor's instructions and plain arithmetic give the same hash, however the bytes are split`() {
        var generator = SplitMix64(seed: 3)
        for count in Array(0...130) + [1000, 4096, 100_003] {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            var (fast, plain) = (SHA256(), SHA256(plain: true))
            for start in stride(from: 0, to: count, by: 77) {
                fast.update(Array(bytes[start..<min(start + 77, count)]))
            }
            plain.update(bytes)
            #expect(fast.hexadecimal == plain.hexadecimal, "\(count) bytes")
            #expect(SHA256.hexadecimal(of: bytes) == plain.hexadecimal, "\(count) bytes")
        }
        var plain = SHA256(plain: true)
        plain.update(Array("abc".utf8))
        #expect(plain.hexadecimal == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
