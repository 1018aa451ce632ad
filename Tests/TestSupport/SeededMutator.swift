/// Damages bytes in ways that upset file readers, the same way for the same seed.
public struct SeededMutator: Sendable {
    /// SplitMix64, so that this does not depend on the generators under test.
    private var state: UInt64

    /// Starts a sequence of mutations.
    ///
    /// - Parameter seed: Any number.
    public init(seed: UInt64) { state = seed }

    private mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, bound)))
    }

    /// One to four changes: flipped bits, extreme bytes, saturated words, cuts, repeats, digits.
    ///
    /// - Parameter original: A valid file.
    /// - Returns: A damaged copy.
    public mutating func mutate(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...next(below: 4) {
            guard !bytes.isEmpty else { return bytes }
            // Headers are at the start or the end: aim there half of the time.
            let aims = [
                next(below: bytes.count), next(below: min(bytes.count, 128)),
                max(0, bytes.count - 1 - next(below: 128)),
            ]
            change(&bytes, at: aims[next(below: 3)])
        }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], at position: Int) {
        switch next(below: 8) {
        case 0: bytes[position] ^= 1 << UInt8(next(below: 8))
        case 1: bytes[position] = [0, 0xFF, 0x7F, 0x80][next(below: 4)]
        case 2: for index in position..<min(bytes.count, position + 8) { bytes[index] = 0xFF }
        case 3: bytes.removeSubrange(position...)
        case 4: bytes.remove(at: position)
        case 5: bytes.insert(contentsOf: bytes[position..<min(bytes.count, position + 16)], at: position)
        case 6: bytes[position] = UInt8(ascii: "0") + UInt8(next(below: 10))
        default: bytes[position] = UInt8(next(below: 256))
        }
    }
}
