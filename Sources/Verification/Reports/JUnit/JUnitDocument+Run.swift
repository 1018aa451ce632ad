extension JUnitDocument {
    /// The document of a judged run: one case a finding and gate, one a phase, and the coverage of the run.
    ///
    /// Without a failure and an error only when the verdict is SWITCH and everything planned was measured.
    ///
    /// - Parameter report: The run.
    init(_ report: RunReport) {
        var cases = JUnitCases(report)
        let overall = Suite(
            name: "codecgate", properties: Self.properties(report),
            cases: [cases.coverage] + report.verdict.phases.map(cases.verdict) + cases.unwatched)
        let phases = report.verdict.phases.map { phase in
            Suite(
                name: "codecgate phase \(phase.phase)", properties: Self.properties(report),
                cases: cases.gates(of: phase.phase))
        }
        self.init(
            name: "codecgate verify", timestamp: String(report.results.timings.started.prefix { $0 != "Z" }),
            suites: [overall] + phases.filter { !$0.cases.isEmpty })
    }

    /// The document of a run that has begun: red until the run replaces it.
    ///
    /// - Parameters:
    ///   - info: The run.
    ///   - planCount: Number of findings planned.
    init(unfinished info: RunInfo, planCount: Int) {
        let body = "The run was cut off, or is still at work. Command: \(info.command)\n"
        let item = Case(
            classname: JUnitCases.area, name: "coverage",
            outcome: .error(message: "run has not ended: 0 of \(planCount) findings were judged", body: body))
        self.init(
            name: "codecgate verify",
            suites: [Suite(name: "codecgate", properties: Self.properties(info), cases: [item])])
    }

    private static func properties(_ report: RunReport) -> [RunInfo.Fact] {
        properties(report.results.info) + [
            .init(name: "gates", value: report.gates.source),
            .init(name: "gates sha256", value: report.gates.sha256),
        ]
    }

    private static func properties(_ info: RunInfo) -> [RunInfo.Fact] {
        [
            .init(name: "tool", value: info.tool), .init(name: "command", value: info.command),
            .init(name: "seed", value: "\(info.seed)"),
        ] + info.facts
    }
}

extension RunReport {
    /// The run as JUnit XML.
    ///
    /// A failure is a gate that is not met, an error what could not be measured or settled or broke, skipped what does not
    /// apply or does not block. Equal runs give equal bytes but for the attributes `time` and `timestamp`.
    ///
    /// - Parameter profile: How much it holds.
    /// - Returns: UTF-8 text.
    /// - Throws: ``JUnitError`` when libxml2 fails, for instance without memory.
    public func junit(_ profile: JUnitProfile = .strict) throws(JUnitError) -> [UInt8] {
        try JUnitDocument(self).xml(profile)
    }
}
