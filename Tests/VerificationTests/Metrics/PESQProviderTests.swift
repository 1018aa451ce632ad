import Foundation
import TestSupport
import Testing

@testable import Verification

@Suite("PESQ through a program of the user's")
struct PESQProviderTests {
    private static let x = FormulaSignals.clean(rate: 16000, seconds: 8)
    private static let pair = AudioPair(reference: x, test: FormulaSignals.noisy(x, 0.001), sampleRate: 16000)

    /// A program that a test writes.
    private func provider(_ script: String, in folder: borrowing TemporaryFolder, limit: Double = 20) throws
        -> PESQProvider
    {
        let path = folder.path("program")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return PESQProvider(.binary(path: path), timeLimitSeconds: limit)
    }

    @Test("without a provider nothing is measured")
    func none() {
        guard case .notApplicable(.noProvider) = PESQProvider.metric(nil).measure(Self.pair) else {
            Issue.record("a number without a program")
            return
        }
        #expect(PESQProvider.find(python: "no-such-interpreter") == nil)
    }

    @Test(
        "a module that does not load is told from a missing one and from a missing interpreter",
        arguments: [
            (
                "echo \"ModuleNotFoundError: No module named 'pesq'\" >&2; exit 1", "has neither pesqc2 nor pesq",
                "install the"
            ),
            (
                "case $2 in *pesqc2*) echo \"No module named 'pesqc2'\" >&2;; *) echo 'ImportError: numpy.core' >&2;; esac; exit 1",
                "pesq of ", "install numpy<2"
            ), ("echo 'OSError: libm' >&2; exit 1", "does not load (OSError: libm)", "repair"),
        ])
    func absence(script: String, reason: String, remedy: String) throws {
        let folder = try TemporaryFolder()
        let python = folder.path("program")
        _ = try provider(script, in: folder)
        guard case .failure(let absence) = PESQProvider.search(python: python) else {
            Issue.record("a provider without a module")
            return
        }
        #expect(
            absence.description.contains(reason) && absence.remedy.contains(remedy), "\(absence); \(absence.remedy)")
        guard case .failure(.noInterpreter) = PESQProvider.search(python: folder.path("nothing")) else {
            Issue.record("an interpreter that is not there")
            return
        }
    }

    @Test("the last number a program prints is the score, and it gets both signals as WAV")
    func score() throws {
        let folder = try TemporaryFolder()
        let provider = try provider(
            "head -c 4 \"$3\" | grep -q RIFF && head -c 4 \"$4\" | grep -q RIFF && echo \"$1 $2 MOS = 2.25\"",
            in: folder)
        #expect(PESQProvider.metric(provider).measure(Self.pair).number == 2.25)
    }

    @Test(
        "crash, silence, nonsense and a score beyond the scale are failures",
        arguments: [
            "exit 3", "echo 3.1; exit 3", "true", "echo No utterances detected", "echo 7.5", "echo nan", "kill -9 $$",
        ])
    func failures(script: String) throws {
        let folder = try TemporaryFolder()
        let result = PESQProvider.metric(try provider(script, in: folder)).measure(Self.pair)
        guard case .failed = result else {
            Issue.record("\(result)")
            return
        }
    }

    @Test("a program that hangs is stopped at the limit")
    func hangs() throws {
        let folder = try TemporaryFolder()
        let start = ContinuousClock.now
        let result = PESQProvider.metric(try provider("exec sleep 60", in: folder, limit: 0.3)).measure(Self.pair)
        guard case .failed(.providerFailed(let text)) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(text.contains("0.3 s") && ContinuousClock.now - start < .seconds(30))
    }

    @Test("other rates, long and short segments are refused before any program runs")
    func refused() {
        let metric = PESQProvider.metric(PESQProvider(.binary(path: "no-such-program")))
        let cases = [(24000, 48000), (16000, 3999), (16000, 320_001)]
        for (rate, count) in cases {
            let samples = FormulaSignals.noise(count)
            let result = metric.measure(AudioPair(reference: samples, test: samples, sampleRate: rate))
            guard case .notApplicable = result else {
                Issue.record("\(rate) \(count): \(result)")
                return
            }
        }
    }

    @Test(
        "an installed module gives the recorded value",
        .enabled(
            if: ProcessInfo.processInfo.environment["CODECGATE_PESQ_PYTHON"] != nil, "no interpreter with pesq is named"
        ))
    func module() throws {
        let python = try #require(ProcessInfo.processInfo.environment["CODECGATE_PESQ_PYTHON"])
        let provider = try #require(PESQProvider.find(python: python))
        let value = try #require(PESQProvider.metric(provider).measure(Self.pair).number)
        let expected = provider.metricID.contains("pre_cor2") ? 1.7159098386764526 : 2.3994507789611816
        #expect(abs(value - expected) <= 1e-4, "\(value) by \(provider.metricID)")
    }
}
