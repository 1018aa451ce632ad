import FeaturePipeline
import NumericCore
import VerificationSuite

/// Brain data as files hold it.
enum ScanFile {
    /// Reads (TRs, voxels) from a `.npy`, or the voxels inside the brain from a NIfTI image.
    ///
    /// - Throws: `CommandError` for an array that is not (TRs, voxels), and what reading throws.
    static func read(_ path: String) throws -> GivenScan {
        let series: Tensor<Float>
        if path.hasSuffix(".nii") || path.hasSuffix(".nii.gz") {
            let image = try NIfTIImage.read(path: path)
            series = try BrainMask(of: image, path: path).timeSeries(of: image, path: path)
        } else {
            let wide = try NpyFile.read(path: path).float64()
            series = Tensor(wide.elements.map { Float($0) }, shape: wide.shape)
        }
        guard series.rank == 2, series.count > 0 else {
            throw CommandError.badInput("'\(path)' has shape \(series.shape); give brain data as (TRs, voxels)")
        }
        if let index = series.elements.firstIndex(where: { !$0.isFinite }) {
            throw CommandError.badInput(
                "'\(path)' is \(series.elements[index]) in TR \(index / series.shape[1]), voxel "
                    + "\(index % series.shape[1]); repair it")
        }
        return GivenScan(label: path, sha256: try SHA256.hexadecimal(ofFile: path), series: series)
    }
}
