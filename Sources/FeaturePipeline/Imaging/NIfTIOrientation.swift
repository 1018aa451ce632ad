/// Where the voxels of an image lie, as NIfTI-1 stores it; kept for writing and never used in computing.
public struct NIfTIOrientation: Sendable, Equatable {
    /// pixdim[0], the handedness factor of the quaternion.
    public var handedness: Float = 1
    /// The code of the quaternion's space; 0 without one.
    public var quaternionCode: Int16 = 0
    /// The code of the affine matrix's space; 0 without one.
    public var affineCode: Int16 = 0
    /// quatern_b, _c, _d, qoffset_x, _y, _z.
    public var quaternion: [Float] = [0, 0, 0, 0, 0, 0]
    /// Three rows of four: voxel indices to millimetres.
    public var affine: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]

    /// No orientation: both codes 0.
    public init() {}

    /// An affine matrix in MNI space.
    ///
    /// - Parameter affine: Three rows of four numbers.
    public init(affine: [Float]) {
        precondition(affine.count == 12, "\(affine.count) numbers for three rows of four")
        self.affine = affine
        affineCode = 4
    }

    init(_ fields: HeaderFields) {
        handedness = fields.float(76)
        (quaternionCode, affineCode) = (fields.int16(252), fields.int16(254))
        quaternion = (0..<6).map { fields.float(256 + 4 * $0) }
        affine = (0..<12).map { fields.float(280 + 4 * $0) }
    }
}
