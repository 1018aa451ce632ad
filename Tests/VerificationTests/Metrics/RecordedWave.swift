import Foundation

/// Recordings read without any library of ours.
enum RecordedWave {
    /// 16-bit samples of a plain RIFF file, full scale at 1.
    static func samples(_ url: URL) throws -> [Double] {
        let bytes = [UInt8](try Data(contentsOf: url))
        var position = 12
        while position + 8 <= bytes.count {
            let size = (0..<4).reduce(0) { $0 | Int(bytes[position + 4 + $1]) << (8 * $1) }
            if bytes[position..<position + 4].elementsEqual("data".utf8) {
                return stride(from: position + 8, to: position + 8 + size, by: 2).map {
                    Double(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) / 32768
                }
            }
            position += 8 + size
        }
        return []
    }
}
