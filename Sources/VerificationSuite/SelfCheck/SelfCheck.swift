public import Verification

/// The harness put to the test: defects of the pipeline are injected one at a time, and each must turn a gate.
public struct SelfCheck {
    /// What a defect did to the gates.
    public struct Row: Sendable, Equatable {
        /// The defect.
        public let defect: PipelineDefect
        /// Gates that pass without the defect and do not with it, in the order of the gate file.
        public let caughtBy: [String]
        /// Why the defect could not be injected, or nil.
        public let omission: String?
    }

    /// What each defect did.
    public struct Matrix: Sendable, Equatable {
        /// Gates that pass without a defect and can therefore notice one, in the order of the gate file.
        public let gates: [String]
        /// One row a defect.
        public let rows: [Row]

        /// Defects that no gate noticed.
        public var missed: [PipelineDefect] {
            rows.filter { $0.caughtBy.isEmpty && $0.omission == nil }.map(\.defect)
        }

        /// Gates that noticed no defect at all.
        public var idle: [String] { gates.filter { gate in !rows.contains { $0.caughtBy.contains(gate) } } }
    }

    private let film: FilmContext
    private let gates: GateSet

    /// A self-check.
    ///
    /// - Parameters:
    ///   - film: A film with sound; its context is used and left open.
    ///   - gates: The gates that must notice.
    public init(film: FilmContext, gates: GateSet) {
        (self.film, self.gates) = (film, gates)
    }

    /// Injects the defects.
    ///
    /// A demonstration codec is not held to the published codec's quality but to its own, measured without a defect.
    ///
    /// - Parameters:
    ///   - defects: Which.
    ///   - progress: Told each row as soon as it is there; may throw to end the work.
    /// - Returns: One row a defect.
    /// - Throws: ``NotMeasurable`` for a film that is silent throughout; what making and measuring the sounds throws.
    public func run(
        _ defects: [PipelineDefect] = PipelineDefect.allCases, progress: (Row) throws -> Void = { _ in }
    ) throws -> Matrix {
        try film.requireSound()
        let melSide = try findings(melChecks(film))
        let sound = try findings(checks(film, .pipeline))
        let bounds = bounds(sound)
        let before = decisions(sound + melSide, bounds)
        let passing = gates.gates.map(\.id).filter { before[$0] == .pass }
        let rows = try defects.map { defect in
            let row = try row(defect, melSide, bounds, passing)
            try progress(row)
            return row
        }
        return Matrix(gates: passing, rows: rows)
    }

    private func row(
        _ defect: PipelineDefect, _ melSide: [Finding], _ bounds: [String: Finding.Bound], _ passing: [String]
    ) throws -> Row {
        let defective: FilmContext
        do { defective = try DefectiveFilm(sound: film).make(defect) } catch let error as NotMeasurable {
            return Row(defect: defect, caughtBy: [], omission: error.reason)
        }
        defer { defective.close() }
        let after = decisions(try findings(checks(defective, resampler(defect))) + melSide, bounds)
        return Row(defect: defect, caughtBy: passing.filter { after[$0] != .pass }, omission: nil)
    }

    /// What is measured of the codec's sound.
    private func checks(_ film: FilmContext, _ resampler: ResamplerCheck) -> [any Check] {
        [resampler.check] + TimeChecks(film: film).checks + CodeChecks(film: film).checks
            + RoundTripChecks(film: film).checks.filter { $0.id == "quality" }
            + ComparisonChecks(film: film).checks.filter { $0.id == "versus.encodec" }
    }

    /// A defect of the resampler is everywhere where the resampler is.
    private func resampler(_ defect: PipelineDefect) -> ResamplerCheck {
        guard defect == .nearestResampler else { return .pipeline }
        return ResamplerCheck { samples, source, target in
            DefectiveFilm.nearest(samples, from: source, to: target, count: samples.count * target / source)
        }
    }

    /// What is measured of the mel path, which no defect touches.
    private func melChecks(_ film: FilmContext) -> [any Check] {
        ComparisonChecks(film: film).checks.filter { $0.id != "versus.encodec" }
    }

    private func findings(_ checks: [any Check]) throws -> [Finding] {
        try CheckRunner(checks).run(journal: nil).findings
    }

    /// Lines for a demonstration codec's quality: just below where the intervals of a run without a defect end.
    private func bounds(_ findings: [Finding]) -> [String: Finding.Bound] {
        guard film.isDemonstration else { return [:] }
        let open = Dictionary(
            uniqueKeysWithValues: Self.slack.keys.map { ($0, Finding.Bound(-1e6, source: "no line")) })
        var bounds: [String: Finding.Bound] = [:]
        for judgement in evaluation(findings, open).results.flatMap(\.judgements) {
            guard let slack = Self.slack[judgement.finding], let lower = judgement.interval?.lower else { continue }
            bounds[judgement.finding] = .init(lower - slack, source: "the film without a defect, less \(slack)")
        }
        return bounds
    }

    /// How far below a run without a defect another may lie, by finding.
    private static let slack = ["quality.stoi": 0.01, "quality.snr": 0.5]

    private func decisions(_ findings: [Finding], _ bounds: [String: Finding.Bound]) -> [String: Decision] {
        Dictionary(
            uniqueKeysWithValues: evaluation(findings, bounds).results
                .filter { !$0.gate.isShownOnly && !$0.judgements.isEmpty }.map { ($0.gate.id, $0.decision) })
    }

    private func evaluation(_ findings: [Finding], _ bounds: [String: Finding.Bound]) -> GateEvaluation {
        let bounded = findings.map { finding in
            Finding(
                finding.plan, finding.outcome, coverage: finding.coverage, population: finding.population,
                populationUnit: finding.populationUnit, note: finding.note, bound: bounds[finding.id] ?? finding.bound)
        }
        let info = RunInfo(tool: "", command: "", seed: film.request.seed, phases: [2], facts: [])
        let results = RunResults(
            info: info, plans: bounded.map(\.plan), findings: bounded,
            timings: RunTimings(started: "", seconds: 0, checks: [:]))
        return GateEvaluation(results, gates: gates, today: .beforeWaivers)
    }
}
