/// The result of `bench metrics`.
struct MetricsBenchReport: Encodable {
    /// One implementation's measurements of one metric.
    struct Times: Encodable {
        var seconds: [Double] = []
        /// What the last run gave.
        var value: Double?

        /// Nil when not measured.
        var median: Double? { seconds.median }
    }

    /// One metric.
    struct Row: Encodable {
        let metric: String
        let ours: Times
        let pystoi: Times
        let oursMedianSeconds: Double?
        let pystoiMedianSeconds: Double?
        let oursIsFasterBy: Double?
        /// Of the two values.
        let difference: Double?
        /// Why pystoi has no numbers.
        let notMeasured: String?

        init(metric: String, ours: Times, theirs: Times, _ reason: String?) {
            (self.metric, self.ours, pystoi, notMeasured) = (metric, ours, theirs, reason)
            (oursMedianSeconds, pystoiMedianSeconds) = (ours.median, theirs.median)
            if let own = ours.median, let other = theirs.median {
                oursIsFasterBy = other / own
            } else {
                oursIsFasterBy = nil
            }
            if let own = ours.value, let other = theirs.value {
                difference = (own - other).magnitude
            } else {
                difference = nil
            }
        }
    }

    /// `codecgate metrics` on two files, as a process of its own.
    struct Panel: Encodable {
        let audioSeconds: Double
        let metrics: Int
        let seconds: Double
        /// Of all threads together, which other programs on the machine hardly change.
        let cpuSeconds: Double
        let peakResidentBytes: Int
        let workers: Int
    }

    let audioSeconds: Double
    let environment: BenchEnvironment
    let input: String
    let panel: Panel?
    let repeats: Int
    let rows: [Row]
    let samplingRate: Int

    /// Whether something that was asked for has no number.
    var isIncomplete: Bool { rows.contains { $0.notMeasured != nil } }

    /// The report as text.
    var text: String {
        """
        \(environment.text)
        \(Text.plain(audioSeconds)) s of \(input) at \(samplingRate) Hz, one thread each; median of \(repeats) interleaved \
        runs after a warm-up

        \(Text.table(tableRows))\(reasons)\(panel?.text ?? "")
        """
    }

    private var tableRows: [[String]] {
        let header = ["", "ours s", "pystoi s", "ours is faster by", "values differ by"]
        return [header]
            + rows.map { row in
                [
                    row.metric, row.oursMedianSeconds.map { Text.fixed($0, 4) } ?? "-",
                    row.pystoiMedianSeconds.map { Text.fixed($0, 4) } ?? "-",
                    row.oursIsFasterBy.map { Text.fixed($0, 2) + "x" } ?? "-",
                    row.difference.map { Text.measured($0) } ?? "-",
                ]
            }
    }

    private var reasons: String {
        rows.compactMap(\.notMeasured).first.map { "pystoi: not measured (\($0))\n" } ?? ""
    }
}

extension MetricsBenchReport.Panel {
    var text: String {
        "panel: \(metrics) metrics of a pair of \(Text.clock(audioSeconds)) in \(Text.fixed(seconds, 1)) s with \(workers) "
            + "worker(s) (\(Text.fixed(cpuSeconds, 1)) s of processor time), peak resident memory \(peakResidentBytes / 1_000_000) MB, files read included\n"
    }
}
