internal import Verification

extension Verifier {
    /// What explains the numbers of a film and puts the design's claims to the test.
    static func auditChecks(_ film: FilmContext, _ options: Options) -> [any Check] {
        guard options.isAudited else { return [] }
        let sounds = DerivedSounds(film)
        let audit = ClaimsAudit(
            sounds: sounds, pesq: options.pesq, environment: options.environment,
            goldens: options.goldens)
        let reach = options.gates.map { [ReachCheck(sounds: sounds, gates: $0).check] } ?? []
        return CodeAlgebraChecks(sounds: sounds).checks + LadderChecks(sounds).checks + audit.checks + reach
    }
}
