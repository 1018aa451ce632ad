internal import CKernels

/// The SHA-256 hash (FIPS 180-4), for naming the files a result depends on.
public struct SHA256: Sendable {
    private var state: [UInt32] = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
    ]
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0
    private let isPlain: Bool
    /// Whether the processor has instructions for it: five times as fast.
    private static let isFast = ck_sha256_available() != 0

    /// The hash of nothing so far.
    public init() { isPlain = !Self.isFast }

    /// The hash of nothing so far, computed without the processor's own instructions: the twin they are tested against.
    package init(plain: Bool) { isPlain = plain || !Self.isFast }

    /// Adds bytes to what is hashed.
    ///
    /// - Parameter bytes: Any number of bytes; the way they are split between calls does not matter.
    public mutating func update(_ bytes: [UInt8]) {
        byteCount &+= UInt64(bytes.count)
        var start = 0
        if !pending.isEmpty {
            start = min(64 - pending.count, bytes.count)
            pending += bytes[..<start]
            guard pending.count == 64 else { return }
            compress(pending)
            pending.removeAll(keepingCapacity: true)
        }
        let blockCount = (bytes.count - start) / 64
        let tail = start + blockCount * 64
        bytes.withUnsafeBytes { compress(UnsafeRawBufferPointer(rebasing: $0[start..<tail])) }
        pending += bytes[tail...]
    }

    /// The hash of everything added, as 64 hexadecimal digits in lower case.
    public var hexadecimal: String {
        var copy = self
        let bitCount = byteCount &* 8
        let padding = 1 + (119 - pending.count % 64) % 64
        copy.update([0x80] + [UInt8](repeating: 0, count: padding - 1))
        copy.update((0..<8).map { UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * UInt64($0))) })
        return copy.state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// The hash of a buffer.
    ///
    /// - Parameter bytes: What to hash.
    /// - Returns: 64 hexadecimal digits in lower case.
    public static func hexadecimal(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimal
    }

    /// The hash of a file, read in pieces of 1 MiB.
    ///
    /// - Parameter path: The file.
    /// - Returns: 64 hexadecimal digits in lower case.
    /// - Throws: `ArrayFileError`.
    public static func hexadecimal(ofFile path: String) throws(ArrayFileError) -> String {
        let source = try ByteSource.open(path: path)
        var hash = SHA256()
        var offset = 0
        while offset < source.count {
            let count = min(1 << 20, source.count - offset)
            hash.update(try source.read(at: offset, count: count, part: "the file"))
            offset += count
        }
        return hash.hexadecimal
    }

    private mutating func compress(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { compress($0) }
    }

    /// Mixes whole 64-byte blocks into the state.
    private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        guard isPlain else { return compressFast(blocks) }
        state.withUnsafeMutableBufferPointer { state in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                Self.roundConstants.withUnsafeBufferPointer { constants in
                    for start in stride(from: 0, to: blocks.count, by: 64) {
                        Self.expand(blocks, start, into: schedule)
                        Self.mix(schedule, constants, into: state)
                    }
                }
            }
        }
    }

    private mutating func compressFast(_ blocks: UnsafeRawBufferPointer) {
        state.withUnsafeMutableBufferPointer { state in
            Self.roundConstants.withUnsafeBufferPointer { constants in
                let bytes = blocks.bindMemory(to: UInt8.self)
                ck_sha256_blocks(state.baseAddress, constants.baseAddress, bytes.baseAddress, blocks.count / 64)
            }
        }
    }

    private static func expand(
        _ blocks: UnsafeRawBufferPointer, _ start: Int, into schedule: UnsafeMutableBufferPointer<UInt32>
    ) {
        for index in 0..<16 {
            schedule[index] = blocks.loadUnaligned(fromByteOffset: start + index * 4, as: UInt32.self).bigEndian
        }
        for index in 16..<64 {
            let early = schedule[index - 15]
            let late = schedule[index - 2]
            let small = rotate(early, 7) ^ rotate(early, 18) ^ (early >> 3)
            let large = rotate(late, 17) ^ rotate(late, 19) ^ (late >> 10)
            schedule[index] = schedule[index - 16] &+ small &+ schedule[index - 7] &+ large
        }
    }

    /// The 64 rounds of one block; the names a...h are the standard's.
    private static func mix(
        _ schedule: UnsafeMutableBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<UInt32>,
        into state: UnsafeMutableBufferPointer<UInt32>
    ) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let sum = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25))
            let first = sum &+ choice &+ constants[index] &+ schedule[index]
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
        let mixed = [a, b, c, d, e, f, g, h]
        for index in 0..<8 { state[index] = state[index] &+ mixed[index] }
    }

    private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
        (value &>> count) | (value &<< (32 - count))
    }

    /// Fractional parts of the cube roots of the first 64 primes.
    private static let roundConstants: [UInt32] = [
        0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
        0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
        0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
        0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
        0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
        0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
        0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
        0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
    ]
}
