/// An fMRI scan or a single volume, as NIfTI-1 (`.nii`, `.nii.gz`) holds it.
public struct NIfTIImage: Sendable, Equatable {
    /// (x, y, z) or (x, y, z, time), each 1 and above.
    public let shape: [Int]
    /// Voxels in the file's order, x running fastest and time slowest; scaled by the file's slope and intercept.
    public let voxels: [Float]
    /// Edges of a voxel in the file's unit of length, usually millimetres.
    public var voxelSizes: [Float]
    /// The time from volume to volume in seconds; nil when the file has no unit of time.
    public var repetitionSeconds: Double?
    /// Where the voxels lie; not used in computing.
    public var orientation: NIfTIOrientation

    /// An image in memory.
    ///
    /// - Parameters:
    ///   - voxels: x running fastest; as many as the product of `shape`.
    ///   - shape: Three or four extents.
    ///   - voxelSizes: Three edges of a voxel.
    ///   - repetitionSeconds: The time from volume to volume, or nil.
    ///   - orientation: Where the voxels lie.
    public init(
        voxels: [Float], shape: [Int], voxelSizes: [Float] = [1, 1, 1], repetitionSeconds: Double? = nil,
        orientation: NIfTIOrientation = NIfTIOrientation()
    ) {
        precondition((3...4).contains(shape.count), "shape \(shape) has neither three nor four extents")
        precondition(shape.reduce(1, *) == voxels.count, "shape \(shape) does not hold \(voxels.count) voxels")
        precondition(voxelSizes.count == 3, "\(voxelSizes.count) edges of a voxel")
        self.shape = shape
        self.voxels = voxels
        self.voxelSizes = voxelSizes
        self.repetitionSeconds = repetitionSeconds
        self.orientation = orientation
    }

    /// Voxels of one volume.
    public var volumeSize: Int { shape[0] * shape[1] * shape[2] }

    /// Volumes; 1 for an image without time.
    public var volumeCount: Int { shape.count == 4 ? shape[3] : 1 }
}
