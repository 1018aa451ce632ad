internal import EnCodec
internal import FeaturePipeline
internal import Foundation
internal import NumericCore
internal import Verification

/// The claims of the design document, each put to the test on this run's film and codec.
///
/// A claim that does not hold is news about the document; it blocks nothing by itself.
struct ClaimsAudit {
    let sounds: DerivedSounds
    /// Scores PESQ, or nil where there is none.
    let pesq: PESQProvider?
    /// Says where the hub cache is.
    let environment: [String: String]
    /// `GoldenData`, or nil where it is not at hand.
    var goldens: URL?

    var film: FilmContext { sounds.film }
    var model: EncodecModel { film.request.codec.model }
    var settings: EncodecConfiguration { model.configuration }
    var clock: FrameClock { film.clock }
    var probe: CodeAlgebraChecks { CodeAlgebraChecks(sounds: sounds) }

    /// One check a claim, by number.
    var checks: [any Check] { claims.map(\.check) }

    /// All claims, by number.
    var claims: [Claim] {
        (soundClaims + codeClaims + countClaims + layoutClaims + pipelineClaims + trainingClaims
            + [calls])
            .sorted { $0.number < $1.number }
    }

    /// Codebooks of the bandwidth in use.
    func codebookCount() throws -> Int { try settings.codebookCount(forBandwidth: film.bandwidthKbps) }

    /// The film mean of a metric over a version; throws where nothing could be measured.
    func mean(_ metric: Metric, of version: FilmVersion, label: ContentLabel? = nil) throws -> SegmentMean {
        let values = try sounds.measure([metric], of: version)[0]
        guard let mean = SegmentMean(values, label: label) else { throw Self.silent }
        return mean
    }

    static let silent = NotMeasurable(
        "no segment of the film can be measured", remedy: "verify a film with sound")
}
