internal import NumericCore

/// A picture of at most 256 colours and its PNG.
struct IndexedPicture {
    /// A colour in sRGB.
    struct Colour {
        let red, green, blue: UInt8
    }

    let width, height: Int
    /// One index a pixel, rows from the top.
    let pixels: [UInt8]
    let palette: [Colour]

    /// The picture as PNG: 8 bits a pixel with a palette, no filter, one IDAT (PNG specification, sections 5 and 11).
    ///
    /// - Returns: The file, or nil when zlib fails.
    var png: [UInt8]? {
        var rows: [UInt8] = []
        rows.reserveCapacity((width + 1) * height)
        for row in 0..<height {
            rows.append(0)
            rows += pixels[row * width..<(row + 1) * width]
        }
        guard let packed = Zlib.deflate(rows, .zlib, effort: .most) else { return nil }
        let header = Self.bigEndian(width) + Self.bigEndian(height) + [8, 3, 0, 0, 0]
        let colours = palette.flatMap { [$0.red, $0.green, $0.blue] }
        let chunks = [("IHDR", header), ("PLTE", colours), ("IDAT", packed), ("IEND", [])]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunks.flatMap(Self.chunk)
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let checked = Array(name.utf8) + body
        return bigEndian(body.count) + checked + bigEndian(Int(Zlib.checksum(checked)))
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}

extension IndexedPicture {
    /// Colours at even steps through anchors, by linear interpolation.
    static func ramp(_ anchors: [Colour], count: Int) -> [Colour] {
        (0..<count).map { step in
            let place = Double(step) / Double(count - 1) * Double(anchors.count - 1)
            let index = min(Int(place), anchors.count - 2)
            let (low, high, part) = (anchors[index], anchors[index + 1], place - Double(index))
            let mix = { (a: UInt8, b: UInt8) in UInt8((Double(a) + part * (Double(b) - Double(a))).rounded()) }
            return Colour(
                red: mix(low.red, high.red), green: mix(low.green, high.green), blue: mix(low.blue, high.blue))
        }
    }

    /// Dark blue to yellow, evenly brighter and alike for all kinds of colour vision (anchors of cividis).
    static let levels = ramp(
        [
            Colour(red: 0, green: 32, blue: 77), Colour(red: 49, green: 68, blue: 107),
            Colour(red: 102, green: 105, blue: 112), Colour(red: 149, green: 143, blue: 120),
            Colour(red: 202, green: 185, blue: 105), Colour(red: 255, green: 234, blue: 70),
        ], count: 64)

    /// Blue (quieter) through near white to orange (louder).
    static let differences = ramp(
        [
            Colour(red: 5, green: 66, blue: 130), Colour(red: 91, green: 155, blue: 213),
            Colour(red: 245, green: 245, blue: 242), Colour(red: 230, green: 140, blue: 50),
            Colour(red: 140, green: 60, blue: 0),
        ], count: 63)
}
