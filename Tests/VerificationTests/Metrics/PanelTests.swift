import Foundation
import Glibc
import Synchronization
import Testing

@testable import Verification

@Suite("Panels")
struct PanelTests {
    private static let x = FormulaSignals.clean(rate: 16000, seconds: 3)
    private static let pair = AudioPair(reference: x, test: FormulaSignals.noisy(x, 0.01), sampleRate: 16000)

    @Test("workers give the same report as one after the other, and count each metric once")
    func workers() async {
        let counter = Counter()
        let panel = MetricPanel([.signalToNoise, .stoi, .lag, .multiResolutionSTFT, .levelDifference])
        let parallel = await panel.run(Self.pair, workerCount: 3) { counter.record($0) }
        #expect(parallel == panel.run(Self.pair))
        #expect(counter.counts == [1, 2, 3, 4, 5])
    }

    @Test("a selection keeps the order asked for, and an unknown id is an error that lists the known ones")
    func selection() throws {
        let panel = try MetricPanel.film.selecting(["stoi.taal2011@10k", "snr", "snr"])
        #expect(panel.metrics.map(\.descriptor.id) == ["stoi.taal2011@10k", "snr"])
        #expect(throws: MetricPanelError.self) { try MetricPanel.film.selecting(["stoi"]) }
        do { _ = try MetricPanel.film.selecting(["stoi"]) } catch {
            #expect(error.description.contains("\"stoi\"") && error.description.contains("stoi.taal2011@10k"))
        }
    }

    @Test("the report as JSON has status, value or reason of every metric, and no NaN or bare infinity")
    func json() throws {
        let panel = MetricPanel([.signalToNoise, .stoi, .drift])
        let same = AudioPair(reference: Self.x, test: Self.x, sampleRate: 16000)
        let data = try JSONEncoder().encode(panel.run(same))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let metrics = try #require(object["metrics"] as? [[String: [String: Any]]])
        #expect(metrics.map { $0["result"]?["status"] as? String } == ["value", "value", "not applicable"])
        #expect(metrics[0]["result"]?["value"] as? String == "inf")
        #expect(metrics[0]["result"]?["limit"] as? String == "identical")
        let similarity = metrics[1]["result"]?["value"] as? Double
        #expect(similarity.map { $0 > 0.999 } == true)
        let reason = metrics[2]["result"]?["reason"] as? String
        #expect(reason?.contains("240000 are needed") == true)
        #expect(metrics.allSatisfy { $0["metric"]?["unit"] is String && $0["metric"]?["blind_spots"] is String })
    }

    @Test("segments are measured on their own")
    func segments() {
        let reports = MetricPanel([.levelDifference]).run(
            Self.pair, segments: [0..<16000, 16000..<16000, 40000..<90000])
        #expect(reports.map(\.referenceCount) == [16000, 0, 8000])
        #expect(reports[0].entries[0].result.number != nil && reports[1].entries[0].result.number == nil)
    }

    @Test("all ids differ and every metric says what it is for, what it misses and whence it comes")
    func descriptors() {
        let metrics = MetricPanel.all.metrics + MetricPanel.compatible.metrics
        for descriptor in metrics.map(\.descriptor) {
            #expect(!descriptor.id.contains(" ") && !descriptor.unit.isEmpty && !descriptor.validInput.isEmpty)
            #expect(!descriptor.blindSpots.isEmpty && !descriptor.source.isEmpty)
        }
    }

    /// Minutes come from the environment, as this is a measurement and not a law: CODECGATE_METRIC_MINUTES=23.
    @Test(
        "a film's panel is quick and small",
        .enabled(if: ProcessInfo.processInfo.environment["CODECGATE_METRIC_MINUTES"] != nil, "a measurement on demand"))
    func film() throws {
        let minutes = try #require(Double(ProcessInfo.processInfo.environment["CODECGATE_METRIC_MINUTES"] ?? ""))
        let rate = 24000
        let block = FormulaSignals.noisy(FormulaSignals.clean(rate: rate, seconds: 30), 0.0005, seed: 7).map {
            Float($0)
        }
        let noise = FormulaSignals.noise(block.count).map { Float($0) }
        var (x, y): ([Float], [Float]) = ([], [])
        for _ in 0..<Int(2 * minutes) {
            x += block
            y += zip(block, noise).map { $0 + 0.005 * $1 }
        }
        let pair = AudioPair(reference: x, test: y, sampleRate: rate)
        var total = 0.0
        for metric in MetricPanel.film.metrics {
            let start = Self.cpuSeconds()
            let value = metric.measure(pair).number
            let spent = Self.cpuSeconds() - start
            total += spent
            print("\(metric.descriptor.id): \(spent) CPU s, value \(value.map { "\($0)" } ?? "none")")
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print("total \(total) CPU s, peak \(usage.ru_maxrss / 1024) MiB for \(minutes) min")
        // 30 s on two cores are 60 CPU seconds for 23 minutes.
        #expect(total <= 60 * minutes / 23 && usage.ru_maxrss / 1024 <= 1000)
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// Counts seen by the progress callback, which runs on the caller's task.
private final class Counter: Sendable {
    private let storage = Mutex<[Int]>([])
    func record(_ count: Int) { storage.withLock { $0.append(count) } }
    var counts: [Int] { storage.withLock { $0 } }
}
