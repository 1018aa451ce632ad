import Glibc

/// How alike two patches are.
struct PatchSimilarity: Sendable {
    /// Mean over the frames, by band.
    var bandMeans: [Double]
    /// Mean over the bands.
    var similarity: Double
}

/// The neurogram similarity index (Hines and Harte 2012): intensity times structure over 3 x 3 Gaussian windows.
enum NeurogramSimilarity {
    private static let centre = 0.619485845753726
    private static let edge = 0.0838251475442633
    private static let corner = 0.0113033910173052
    private static let c1 = 0.01 * 0.01
    private static let c3 = 0.03 * 0.03 / 2

    /// Compares two patches of one shape.
    static func compare(_ x: Neurogram, _ y: Neurogram) -> PatchSimilarity {
        precondition(x.values.count == y.values.count, "\(x.values.count) cells against \(y.values.count)")
        var sums = [Double](repeating: 0, count: x.bandCount)
        let (frames, bands) = (x.frameCount, x.bandCount)
        x.values.withUnsafeBufferPointer { x in
            y.values.withUnsafeBufferPointer { y in
                for frame in 0..<frames {
                    for band in 0..<bands { sums[band] += cell(x, y, frame, band, frames, bands) }
                }
            }
        }
        for band in 0..<bands { sums[band] /= Double(frames) }
        return PatchSimilarity(bandMeans: sums, similarity: sums.reduce(0, +) / Double(bands))
    }

    /// One cell; beyond the edges the nearest cell is repeated.
    private static func cell(
        _ x: UnsafeBufferPointer<Double>, _ y: UnsafeBufferPointer<Double>, _ frame: Int, _ band: Int, _ frames: Int,
        _ bands: Int
    ) -> Double {
        var (mx, my, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for df in -1...1 {
            let row = min(max(frame + df, 0), frames - 1) * bands
            for db in -1...1 {
                let weight = df == 0 && db == 0 ? centre : (df == 0 || db == 0 ? edge : corner)
                let index = row + min(max(band + db, 0), bands - 1)
                let (a, b) = (x[index], y[index])
                mx += weight * a
                my += weight * b
                xx += weight * a * a
                yy += weight * b * b
                xy += weight * a * b
            }
        }
        let intensity = (2 * mx * my + c1) / (mx * mx + my * my + c1)
        // The product of variances falls below 0 by rounding in flat patches.
        let variances = (xx - mx * mx) * (yy - my * my)
        let structure = (xy - mx * my + c3) / (variances < 0 ? c3 : variances.squareRoot() + c3)
        return intensity * structure
    }
}
