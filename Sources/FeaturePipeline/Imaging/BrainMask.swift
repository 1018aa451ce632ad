public import NumericCore

/// Which voxels of a scan are used, by the Python system's rule: those that vary over time.
///
/// Voxels are counted with x outermost and z running fastest, the order in which NumPy takes them with a mask; that is
/// the order of columns in time series.
public struct BrainMask: Sendable, Equatable {
    /// Volumes that the rule looks at.
    public static let volumeLimit = 200
    /// The standard deviation must exceed this percentile of the non-zero ones.
    public static let percentile = 10.0

    /// (x, y, z).
    public let shape: [Int]
    /// One truth value a voxel, z running fastest.
    public let isInside: [Bool]

    /// A mask in memory.
    ///
    /// - Parameters:
    ///   - isInside: One truth value a voxel, z running fastest.
    ///   - shape: (x, y, z).
    public init(_ isInside: [Bool], shape: [Int]) {
        precondition(shape.count == 3 && shape.reduce(1, *) == isInside.count, "\(isInside.count) voxels in \(shape)")
        (self.isInside, self.shape) = (isInside, shape)
    }

    /// The mask of one subject.
    ///
    /// A voxel is inside when its standard deviation over the first 200 volumes exceeds the 10th percentile of those that
    /// are not 0. Voxels with NaN or an infinity in these volumes stay outside.
    ///
    /// - Parameters:
    ///   - image: At least two volumes.
    ///   - path: For the error.
    /// - Throws: ``FeatureError/badArray(path:problem:)`` when there is no time or nothing varies.
    public init(of image: NIfTIImage, path: String) throws(FeatureError) {
        guard image.volumeCount > 1 else {
            throw .badArray(path: path, problem: "has one volume; a mask by variation needs a scan over time")
        }
        let deviations = Self.deviations(image)
        let varying = deviations.filter { $0 > 0 && $0.isFinite }
        guard !varying.isEmpty else {
            throw .badArray(path: path, problem: "has no voxel that varies over time; give a functional scan")
        }
        let threshold = Self.percentile(Self.percentile, of: varying)
        self.init(deviations.map { $0 > threshold }, shape: Array(image.shape[..<3]))
    }

    /// The voxels that at least half of the masks have, rounded up.
    ///
    /// - Parameter masks: At least one, all of one shape.
    /// - Returns: The shared mask.
    /// - Throws: ``FeatureError/badRequest(problem:)`` for no mask, different shapes, or when nothing is shared.
    public static func shared(_ masks: [BrainMask]) throws(FeatureError) -> BrainMask {
        guard let first = masks.first else { throw .badRequest(problem: "no mask to share; give at least one scan") }
        if let other = masks.first(where: { $0.shape != first.shape }) {
            throw .badRequest(
                problem: "scans of shapes \(first.shape) and \(other.shape) have no common voxels; resample one")
        }
        let needed = (masks.count + 1) / 2
        let isInside = first.isInside.indices.map { voxel in
            masks.reduce(0) { $0 + ($1.isInside[voxel] ? 1 : 0) } >= needed
        }
        guard isInside.contains(true) else {
            throw .badRequest(problem: "no voxel is in \(needed) of \(masks.count) masks; check the scans' alignment")
        }
        return BrainMask(isInside, shape: first.shape)
    }

    /// Number of voxels inside.
    public var voxelCount: Int { isInside.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// Indices (x, y, z) of the voxels inside, in the order of columns.
    public var coordinates: [[Int]] {
        let (height, depth) = (shape[1], shape[2])
        return isInside.indices.filter { isInside[$0] }.map {
            [$0 / (height * depth), $0 / depth % height, $0 % depth]
        }
    }

    /// Positions of the voxels inside in a volume's own order (x fastest).
    private var offsets: [Int] { coordinates.map { $0[0] + shape[0] * ($0[1] + shape[1] * $0[2]) } }

    /// The scan's values inside the mask.
    ///
    /// - Parameters:
    ///   - image: A scan of the mask's shape.
    ///   - path: For the error.
    /// - Returns: (volumes, voxels).
    /// - Throws: ``FeatureError/badArray(path:problem:)`` for another shape, or a value that is not finite.
    public func timeSeries(of image: NIfTIImage, path: String) throws(FeatureError) -> Tensor<Float> {
        guard Array(image.shape[..<3]) == shape else {
            throw .badArray(path: path, problem: "has shape \(image.shape), the mask \(shape); resample one of them")
        }
        let offsets = offsets
        var values: [Float] = []
        values.reserveCapacity(image.volumeCount * offsets.count)
        for volume in 0..<image.volumeCount {
            for offset in offsets { values.append(image.voxels[volume * image.volumeSize + offset]) }
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .badArray(
                path: path,
                problem: "is \(values[index]) in volume \(index / offsets.count) at voxel "
                    + "\(coordinates[index % offsets.count]); mask the voxel or repair the scan")
        }
        return Tensor(values, shape: [image.volumeCount, offsets.count])
    }

    /// Puts time series back into a scan; voxels outside are 0.
    ///
    /// - Parameters:
    ///   - series: (volumes, voxels).
    ///   - template: Gives voxel sizes, time and orientation.
    /// - Returns: A scan of (x, y, z, volumes).
    /// - Throws: ``FeatureError/badRequest(problem:)`` when the number of voxels is another.
    public func image(from series: Tensor<Float>, like template: NIfTIImage) throws(FeatureError) -> NIfTIImage {
        let offsets = offsets
        guard series.rank == 2, series.shape[1] == offsets.count, series.shape[0] > 0 else {
            throw .badRequest(
                problem: "time series of shape \(series.shape) do not fit the \(offsets.count) voxels of the mask")
        }
        let size = isInside.count
        var voxels = [Float](repeating: 0, count: series.shape[0] * size)
        for volume in 0..<series.shape[0] {
            for (column, offset) in offsets.enumerated() {
                voxels[volume * size + offset] = series.elements[volume * offsets.count + column]
            }
        }
        return NIfTIImage(
            voxels: voxels, shape: shape + [series.shape[0]], voxelSizes: template.voxelSizes,
            repetitionSeconds: template.repetitionSeconds, orientation: template.orientation)
    }
}
