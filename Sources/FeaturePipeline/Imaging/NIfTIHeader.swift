internal import NumericCore

/// The fields of a NIfTI-1 header that the reader needs, checked.
struct NIfTIHeader: Equatable {
    /// Bytes of the header.
    static let byteCount = 348
    /// Most elements an image may have: 16 G, more than any scan.
    static let maximumCount = 1 << 34

    /// Extents, x first; three or four.
    let shape: [Int]
    let elementType: ArrayElementType
    let isBigEndian: Bool
    /// Where the voxels begin.
    let dataOffset: Int
    let slope: Double
    let intercept: Double
    /// Voxel edges in millimetres as stored.
    let voxelSizes: [Float]
    /// pixdim[4] in seconds, or nil without a unit of time or a positive value.
    let repetitionSeconds: Double?
    /// Kept for writing.
    let orientation: NIfTIOrientation

    var count: Int { shape.reduce(1, *) }
    var dataByteCount: Int { count * elementType.byteCount }

    /// Reads the first 348 bytes of a file.
    init(_ bytes: [UInt8], path: String) throws(ArrayFileError) {
        let fields = HeaderFields(bytes)
        guard bytes.count >= Self.byteCount else {
            throw .truncated(path: path, part: "the NIfTI header", needed: Self.byteCount, available: bytes.count)
        }
        isBigEndian = try Self.byteOrder(fields, path: path)
        let reader = isBigEndian ? fields.bigEndian : fields
        shape = try Self.shape(reader, path: path)
        elementType = try Self.elementType(reader, path: path)
        dataOffset = try Self.dataOffset(reader, path: path)
        (slope, intercept) = try Self.scaling(reader, path: path)
        voxelSizes = (1...3).map { reader.float(76 + 4 * $0) }
        repetitionSeconds = Self.repetitionSeconds(reader)
        orientation = NIfTIOrientation(reader)
    }

    private static func byteOrder(_ fields: HeaderFields, path: String) throws(ArrayFileError) -> Bool {
        let isBigEndian: Bool
        switch fields.int32(0) {
        case 348: isBigEndian = false
        case Int32(348).byteSwapped: isBigEndian = true
        case 540, Int32(540).byteSwapped:
            throw .unsupported(path: path, reason: "it is a NIfTI-2 file, this reads NIfTI-1; convert it with nibabel")
        default:
            throw .malformed(path: path, reason: "the header's size is \(fields.int32(0)), NIfTI-1 has 348")
        }
        switch Array(fields.bytes[344..<348]) {
        case Array("n+1\0".utf8): return isBigEndian
        case Array("ni1\0".utf8):
            throw .unsupported(
                path: path, reason: "it is the header of a .hdr/.img pair; convert the pair to one .nii file")
        default:
            throw .malformed(path: path, reason: "bytes 344 to 347 are not the mark of NIfTI-1 (n+1)")
        }
    }

    private static func shape(_ fields: HeaderFields, path: String) throws(ArrayFileError) -> [Int] {
        let rank = Int(fields.int16(40))
        guard (1...7).contains(rank) else {
            throw .malformed(path: path, reason: "dim[0] is \(rank), expected 1 to 7 dimensions")
        }
        var extents = (1...rank).map { Int(fields.int16(40 + 2 * $0)) }
        guard extents.allSatisfy({ $0 >= 1 }) else {
            throw .malformed(path: path, reason: "dimensions \(extents) are not all 1 and above")
        }
        while extents.count > 4, extents.last == 1 { extents.removeLast() }
        guard (3...4).contains(extents.count) else {
            throw .unsupported(
                path: path, reason: "it has dimensions \(extents), expected (x, y, z) or (x, y, z, time)")
        }
        guard try ArrayExtents.byteCount(of: extents, .uint8, path: path) <= maximumCount else {
            throw .unsupported(
                path: path, reason: "dimensions \(extents) exceed \(maximumCount) voxels; split the scan")
        }
        return extents
    }

    private static func elementType(_ fields: HeaderFields, path: String) throws(ArrayFileError) -> ArrayElementType {
        let code = Int(fields.int16(70))
        let known: [Int: ArrayElementType] = [
            2: .uint8, 4: .int16, 8: .int32, 16: .float32, 64: .float64, 256: .int8, 512: .uint16, 768: .uint32,
        ]
        guard let type = known[code] else {
            throw .unsupported(
                path: path,
                reason: "its data type is \(code), readable are integers to 32 bits, float32 and float64;"
                    + " convert it to float32")
        }
        let bits = Int(fields.int16(72))
        guard bits == type.byteCount * 8 else {
            throw .malformed(path: path, reason: "bitpix is \(bits), but \(type.rawValue) has \(type.byteCount * 8)")
        }
        return type
    }

    private static func scaling(
        _ fields: HeaderFields, path: String
    ) throws(ArrayFileError) -> (slope: Double, intercept: Double) {
        let (slope, intercept) = (Double(fields.float(112)), Double(fields.float(116)))
        // A slope of 0, or none at all, means that the numbers stand for themselves.
        guard slope.isFinite, slope != 0 else { return (1, 0) }
        guard intercept.isFinite else {
            throw .malformed(path: path, reason: "scl_slope is \(slope) but scl_inter is \(intercept)")
        }
        return (slope, intercept)
    }

    private static func dataOffset(_ fields: HeaderFields, path: String) throws(ArrayFileError) -> Int {
        let offset = fields.float(108)
        guard let bytes = Int(exactly: offset), (352...1 << 24).contains(bytes) else {
            throw .malformed(path: path, reason: "vox_offset is \(offset), expected 352 to \(1 << 24) bytes")
        }
        return bytes
    }

    private static func repetitionSeconds(_ fields: HeaderFields) -> Double? {
        let step = Double(fields.float(92))
        let factors: [UInt8: Double] = [8: 1, 16: 1e-3, 24: 1e-6]
        guard let factor = factors[fields.bytes[123] & 0x38], step.isFinite, step > 0 else { return nil }
        return step * factor
    }
}

/// Numbers of a header in either byte order.
struct HeaderFields {
    let bytes: [UInt8]
    private var isSwapped = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The same bytes read as big-endian.
    var bigEndian: HeaderFields {
        var copy = self
        copy.isSwapped = true
        return copy
    }

    func int16(_ offset: Int) -> Int16 { integer(offset) }
    func int32(_ offset: Int) -> Int32 { integer(offset) }
    func float(_ offset: Int) -> Float { Float(bitPattern: integer(offset)) }

    private func integer<Value: FixedWidthInteger>(_ offset: Int) -> Value {
        let value = bytes.littleEndian(at: offset, as: Value.self)
        return isSwapped ? value.byteSwapped : value
    }
}
