import Foundation
import TestSupport

/// `GoldenData/metrics/manifest.json`: what pystoi, librosa, SciPy and NumPy gave.
struct MetricGoldens: Decodable {
    struct Recordings: Decodable {
        /// SHA-256 by file name.
        let files: [String: String]
        /// Metric id to value, by rate.
        let values: [String: [String: Double]]
    }

    struct Statistics: Decodable {
        let pearson: Double
        let spearman: Double
        let quantiles: [Double]
        let bootstrapPercentile: [Double]
        let bootstrapBCa: [Double]
        let signFlipP: Double
        let normalQuantiles: [Double]
        let normalCDF: [Double]
        let minimumDetectableEffect: Double

        private enum CodingKeys: String, CodingKey {
            case pearson, spearman, quantiles
            case bootstrapPercentile = "bootstrap_percentile"
            case bootstrapBCa = "bootstrap_bca"
            case signFlipP = "sign_flip_p"
            case normalQuantiles = "normal_quantiles"
            case normalCDF = "normal_cdf"
            case minimumDetectableEffect = "minimum_detectable_effect"
        }
    }

    /// Metric id to value, by rate.
    let formula: [String: [String: Double]]
    let recordings: Recordings
    let statistics: Statistics

    static func load() throws -> MetricGoldens {
        let data = try Data(contentsOf: Repository.golden("metrics/manifest.json"))
        return try JSONDecoder().decode(MetricGoldens.self, from: data)
    }
}
