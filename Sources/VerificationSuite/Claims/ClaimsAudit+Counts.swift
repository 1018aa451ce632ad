internal import EnCodec
internal import FeaturePipeline
internal import SignalProcessing
internal import Verification

extension ClaimsAudit {
    /// What is claimed about counts: arithmetic on this run's codec and TR.
    var countClaims: [Claim] { [framesPerTR, filmCounts, codebooks, defaultBandwidth, fewerValues] }

    private var framesPerTR: Claim {
        Claim(
            number: 8, name: "frames_per_tr", phase: 2,
            text: "a TR has a whole number of frames and time stays aligned", unit: "frames", variant: "frames.lost",
            direction: .lower, advice: "use the exact grid, which alternates between 112 and 113 frames"
        ) {
            let trCount = film.trCount
            let lost = clock.start(of: trCount) - TRGrid(.seed112, clock).joinedFrameCount(trCount: trCount)
            let seconds = Double(lost * clock.hopLength) / Double(clock.sampleRate)
            return .init(
                parts: [.init(name: "frames lost", value: Double(lost), line: 0)], population: trCount,
                populationUnit: "TRs", detail: "\(clock.leastFrameCount) frames a TR lose \(seconds.shortText) s here")
        }
    }

    private var filmCounts: Claim {
        Claim(
            number: 9, name: "film_counts", phase: 2,
            text: "23 minutes are 920 TRs, 103,000 frames, 33 million and 3,456,000 samples", unit: "relative",
            variant: "counts.relative_difference", direction: .lower,
            advice: "compute counts from the file: TRs, frames and samples are integers"
        ) {
            let seconds = 23 * 60
            let rate = film.request.repetitionTime
            let trs = seconds * rate.denominator / rate.numerator
            let samples = seconds * clock.sampleRate
            let frames = clock.start(of: trs)
            func part(_ name: String, _ stated: Int, _ found: Int) -> Claim.Part {
                let difference = Double(abs(stated - found)) / Double(max(1, found))
                return .init(name: "\(stated) \(name) stated, \(found) counted, off by", value: difference, line: 0.005)
            }
            return .init(
                parts: [
                    part("TRs", 920, trs), part("frames", 103_000, frames), part("samples", 33_000_000, samples),
                    part("samples", 3_456_000, samples),
                ], population: 4, populationUnit: "counts", detail: "half a percent is what rounding may be off")
        }
    }

    private var codebooks: Claim {
        Claim(
            number: 10, name: "codebooks", phase: 1,
            text: "6 kbps are 8 codebooks of 1024 entries at 75 frames a second", unit: "difference",
            variant: "codec.configuration", direction: .lower,
            advice: "ask the codec: floor(kbps x 1000 / (bits per code x frames per second))"
        ) {
            guard settings.targetBandwidths.contains(6) else {
                throw NotMeasurable("the codec has no 6 kbps", remedy: "verify with a codec of 24 kHz")
            }
            func part(_ name: String, _ found: Int, _ stated: Int) -> Claim.Part {
                .init(
                    name: "\(stated) \(name) stated, \(found) found, off by", value: Double(abs(found - stated)),
                    line: 0)
            }
            return .init(
                parts: [
                    part("codebooks", try settings.codebookCount(forBandwidth: 6), 8),
                    part("entries", settings.codebookSize, 1024), part("frames a second", settings.frameRate, 75),
                ], population: 3, populationUnit: "settings")
        }
    }

    private var defaultBandwidth: Claim {
        Claim(
            number: 11, name: "default_bandwidth", phase: 1,
            text: "encoding without a bandwidth gives 8 codebooks", unit: "codebooks",
            variant: "codec.default_codebooks", direction: .higher,
            advice: "pass the bandwidth with every call: the reference takes the first in its list"
        ) {
            guard let first = settings.targetBandwidths.first else {
                throw NotMeasurable("the codec lists no bandwidth", remedy: "give a codec with target_bandwidths")
            }
            let count = try settings.codebookCount(forBandwidth: first)
            return .init(
                parts: [.init(name: "codebooks at the first bandwidth", value: Double(count), line: 8)],
                detail: "the first of \(settings.targetBandwidths.count) is \(first.bandwidthText) kbps")
        }
    }

    private var fewerValues: Claim {
        Claim(
            number: 14, name: "fewer_values", phase: 2, text: "codes are 56 % fewer values than mel features",
            unit: "percentage points", variant: "values.saving.difference", direction: .lower,
            advice: "say against what: the mean spectra that were given up, or the frames that are in use"
        ) {
            let codes = try codebookCount() * clock.leastFrameCount
            let mel = MelConfiguration.legacy
            let melClock = try FrameClock(
                repetitionTime: film.request.repetitionTime, sampleRate: mel.sampleRate,
                hopLength: mel.layout.hopLength)
            func part(_ name: String, _ values: Int) -> Claim.Part {
                let saving = 100 * (1 - Double(codes) / Double(values))
                return .init(
                    name: "\(saving.shortText) % against \(name), off by", value: (saving - 56).magnitude, line: 0.5)
            }
            return .init(
                parts: [
                    part("one mean spectrum a TR", mel.melBinCount),
                    part("all frames of a TR", mel.melBinCount * melClock.mostFrameCount),
                ], population: 2, populationUnit: "formats",
                detail: "\(codes) codes of \(settings.bitsPerCode) bits a TR")
        }
    }
}
