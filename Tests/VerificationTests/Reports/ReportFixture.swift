import Foundation
import NumericCore
import Verification

/// A run as a full catalogue leaves it, made of formulas: every outcome, every section of the page, sounds beside it.
struct ReportFixture {
    static let versions = [
        "encodec.1-5kbps", "encodec.3kbps", "encodec.6kbps", "encodec.12kbps", "griffinlim.dense", "griffinlim.trmean",
        "griffinlim.bottleneck", "control.silence",
    ]
    /// Name, unit, direction, best value, loss a step of quality.
    static let metrics: [(name: String, unit: String, direction: Finding.Direction, best: Double, loss: Double)] = [
        ("stoi.classic", "1", .higher, 0.99, 0.07), ("si-sdr.zm", "dB", .higher, 14, 3.4),
        ("lsd.db", "dB", .lower, 1.5, 1.2), ("mel.l1", "dB", .lower, 0.8, 0.9),
        ("loudness.diff", "LU", .zero, 0.1, 0.4),
    ]
    static let labels: [ContentLabel] = [.speech, .speech, .music, .mix, .effect, .speech, .silence]

    var segmentCount = 20
    var metricCount = 5
    /// A text that a page must show as text.
    var hostile = ""
    /// Whether the old pipeline is the better one.
    var isFailing = true

    func results(soundCount: Int = 0) -> RunResults {
        let findings =
            goldens + roundTrips(soundCount: soundCount) + ladders + claims + [
                Finding(
                    plan("training.mel.loss", "training.mel", 3, "Training lowers the loss\(hostile)", "1", .lower),
                    .value(0.25),
                    curves: [.init("trained\(hostile)", [1, 0.5, 0.25]), .init("held out", [1.25, 0.75, 0.75])]),
                finding(
                    "timing.lag", "time.integrity", 2, "Lag of the decoded film\(hostile)", .value(0.0004), unit: "s"),
                finding(
                    "training.speed", "training.speed", 2, "Training steps per second",
                    isFailing
                        ? .failed(reason: "the trainer stopped: loss is not a number after step 12\(hostile)")
                        : .value(12), unit: "1/s"),
            ]
        let facts = [
            ("film", "two_minutes.wav, 24 kHz, 2:00.0, SHA-256 4f1c…a9"), ("codec", "mini, 24 kHz, SHA-256 9b2e…01"),
            ("CPU", "AMD EPYC, 2 cores, kernels avx2"), ("BLAS", "OpenBLAS 0.3.21 Zen, 1 thread"),
            ("modes", "grid exact, crop causal, codes latent"), ("bad\(hostile)", "fact\(hostile)"),
        ].map { RunInfo.Fact(name: $0.0, value: $0.1) }
        return RunResults(
            info: RunInfo(
                tool: "codecgate 0.1.0", command: "codecgate verify two_minutes.wav --phase all --seed 7", seed: 7,
                phases: [1, 2, 3], facts: facts),
            plans: findings.map(\.plan), findings: findings,
            timings: RunTimings(started: "2026-06-15T10:00:00Z", seconds: 73.4, checks: [:]))
    }

    private var goldens: [Finding] {
        (0..<24).map { index in
            finding(
                "golden.encodec.stages.layer\(index)", "golden.encodec", 1,
                "Layer \(index) gives the reference's output",
                .value(1e-7 * Double(1 + index % 5)), unit: "1", direction: .lower, bound: 2e-6)
        } + [
            Finding(
                plan("published.codes", "published", 1, "The real codec gives its published codes", "codes", .lower),
                .notMeasured(
                    reason: "facebook/encodec_24khz is not in the hub cache",
                    remedy: "run codecgate codec fetch facebook/encodec_24khz"))
        ]
    }

    private func roundTrips(soundCount: Int) -> [Finding] {
        (0..<metricCount).flatMap { metric in
            Self.versions.enumerated().map { place, version in
                let kind = Self.metrics[metric % Self.metrics.count]
                let name = metric < Self.metrics.count ? kind.name : "\(kind.name)\(metric)"
                let head = version.hasPrefix("encodec") ? "roundtrip.\(version)" : version
                let check = version.hasPrefix("encodec") ? "roundtrip.encodec" : "roundtrip.baseline"
                let plan = FindingPlan(
                    id: "\(head).\(name)", check: check, phase: 2, title: "\(name) of \(version)\(hostile)",
                    unit: kind.unit,
                    variant: name, direction: kind.direction, source: "formula of the fixture")
                return Finding(
                    plan, .segments(values(metric, place)), attachments: metric == 0 ? sounds(place, soundCount) : [])
            }
        }
    }

    /// Quality falls from 12 kbps down; speech suffers most, one scene in seventeen is broken.
    private func values(_ metric: Int, _ version: Int) -> [SegmentValue] {
        let kind = Self.metrics[metric % Self.metrics.count]
        let steps = [2.4, 1.6, isFailing ? 0.9 : 0.6, 0.3, isFailing ? 1.0 : 2.2, 3.1, 3.8, 5.0][version]
        var random = SplitMix64(seed: UInt64(metric * 100 + version))
        return (0..<segmentCount).map { index in
            let label = Self.labels[index % Self.labels.count]
            let scene = (label == .speech ? 1.2 : 0.9) + (index % 17 == 5 ? 1.0 : 0) + 0.3 * sin(Double(index) / 9)
            let loss = kind.loss * steps * scene + kind.loss * 0.4 * (random.uniformDouble() - 0.5)
            let value = kind.direction == .higher ? kind.best - loss : kind.best + loss
            let result: SegmentValue.Result =
                label == .silence && metric == 0
                ? .notApplicable(reason: "too little speech")
                : index == 11 && metric == 2 ? .failed(reason: "no frames") : .value(value)
            return SegmentValue(start: Double(index) * 2, end: Double(index + 1) * 2, label: label, result: result)
        }
    }

    private func sounds(_ version: Int, _ count: Int) -> [Finding.Attachment] {
        (0..<min(count, segmentCount)).flatMap { index in
            let own = Finding.Attachment(
                path: "audio/\(index)-\(version).wav", kind: .audio,
                title: Self.versions[version].replacing(".", with: " "),
                segment: index)
            let reference = Finding.Attachment(
                path: "audio/\(index)-ref.wav", kind: .audio, title: "reference", segment: index)
            return version == 0 ? [reference, own] : version < 6 ? [own] : []
        }
    }

    private var ladders: [Finding] {
        let paths: [(String, [(String, Double?)])] = [
            (
                "mel",
                [
                    ("Original", 15), ("Resampled to 24 kHz", 14.8), ("Mel 128, true phase", 9.5), ("TR average", 2.1),
                    ("Griffin-Lim", -1.3),
                ]
            ),
            (
                "encodec",
                [
                    ("Original", 15), ("EnCodec 6 kbps", 8.9), ("TR grid of 112", 7.6), ("HRF and rounding", -0.4),
                    ("Predicted codes", nil),
                ]
            ),
        ]
        return paths.flatMap { path, stages in
            stages.enumerated().map { index, stage in
                let plan = FindingPlan(
                    id: "ladder.\(path).s\(index).si-sdr", check: "ladder", phase: 2, title: stage.0, unit: "dB",
                    variant: "si-sdr", direction: .higher)
                guard let mean = stage.1 else { return Finding(plan, .notMeasured(reason: "no trained model is here")) }
                let segments = (0..<segmentCount).map { place in
                    SegmentValue(
                        start: Double(place) * 2, end: Double(place + 1) * 2,
                        label: Self.labels[place % Self.labels.count],
                        result: .value(mean + 2 * sin(Double(place * 3 + index))))
                }
                return Finding(plan, .segments(segments))
            }
        }
    }

    private var claims: [Finding] {
        [
            claim(
                1, "6 kbps gives PESQ above 3.5\(hostile)", .value(2.71), bound: 3.5,
                "Instead: ask for 2.5, or use 12 kbps."),
            claim(2, "The latents survive the HRF", .value(0.93), bound: 0.9, "Convolved as latents, not as codes."),
            claim(
                3, "Codes are ordinal", .value(0.02), bound: 0.5,
                "Neighbouring codes are unrelated. Instead: predict classes."),
            Finding(
                plan("claims.c4", "claims.audit", 2, "fMRI prediction improves", "r", .higher),
                .notMeasured(reason: "no fMRI data")),
            Finding(
                plan("claims.c5", "claims.audit", 2, "Training is 2 times faster", "1", .higher),
                .failed(reason: "the trainer stopped")),
        ]
    }

    private func claim(_ index: Int, _ title: String, _ outcome: Finding.Outcome, bound: Double, _ note: String)
        -> Finding
    {
        Finding(
            plan("claims.c\(index)", "claims.audit", 2, title, "1", .higher), outcome, population: 20, note: note,
            bound: Finding.Bound(bound, source: "the design document"))
    }

    private func plan(
        _ id: String, _ check: String, _ phase: Int, _ title: String, _ unit: String, _ direction: Finding.Direction
    )
        -> FindingPlan
    {
        FindingPlan(
            id: id, check: check, phase: phase, title: title, unit: unit, variant: "plain", direction: direction,
            source: "the fixture")
    }

    private func finding(
        _ id: String, _ check: String, _ phase: Int, _ title: String, _ outcome: Finding.Outcome, unit: String,
        direction: Finding.Direction = .lower, bound: Double? = nil
    ) -> Finding {
        Finding(
            plan(id, check, phase, title, unit, direction), outcome, population: 480, populationUnit: "samples",
            note: "worst sample 17\(hostile)", bound: bound.map { Finding.Bound($0, source: "float32 rounding") })
    }
}
