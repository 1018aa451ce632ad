extension BrainMask {
    /// Population standard deviation of each voxel over the first volumes, z running fastest.
    ///
    /// Two passes in Double, as NumPy does it.
    static func deviations(_ image: NIfTIImage) -> [Double] {
        let (width, height, depth) = (image.shape[0], image.shape[1], image.shape[2])
        let count = min(volumeLimit, image.volumeCount)
        let size = image.volumeSize
        return image.voxels.withUnsafeBufferPointer { voxels in
            var result = [Double](repeating: 0, count: size)
            for x in 0..<width {
                for y in 0..<height {
                    for z in 0..<depth {
                        let offset = x + width * (y + height * z)
                        var sum = 0.0
                        for volume in 0..<count { sum += Double(voxels[volume * size + offset]) }
                        let mean = sum / Double(count)
                        var squares = 0.0
                        for volume in 0..<count {
                            let distance = Double(voxels[volume * size + offset]) - mean
                            squares += distance * distance
                        }
                        result[(x * height + y) * depth + z] = (squares / Double(count)).squareRoot()
                    }
                }
            }
            return result
        }
    }

    /// A percentile by linear interpolation between the two nearest values (NumPy's default rule).
    ///
    /// - Parameters:
    ///   - percent: 0...100.
    ///   - values: At least one, all finite.
    /// - Returns: A value between the smallest and the largest.
    static func percentile(_ percent: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        let position = percent / 100 * Double(sorted.count - 1)
        let index = min(Int(position), sorted.count - 1)
        let fraction = position - Double(index)
        let (low, high) = (sorted[index], sorted[min(index + 1, sorted.count - 1)])
        // From the nearer end, so that the result never leaves [low, high].
        return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction)
    }
}
