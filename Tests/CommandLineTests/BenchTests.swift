import Foundation
import Testing

struct BenchTests {
    @Test("A benchmark without its peers has our numbers and says why theirs are missing, with exit code 3")
    func missingPeers() throws {
        let outcome = try Program.run([
            "bench", "encodec", "--codec", Program.small, "--seconds", "0.5", "--bandwidth", "1.5", "--repeats", "2",
            "--threads", "1", "--python", "no-such-python", "--json",
        ])
        #expect(outcome.status == 3, "\(outcome.error)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let rows = try #require(object["rows"] as? [[String: Any]])
        #expect(rows.count == 6)
        for row in rows {
            let isOurs = row["engine"] as? String == "ours"
            #expect((row["seconds"] as? [Double])?.count == (isOurs ? 2 : 0))
            #expect((row["median_seconds"] != nil) == isOurs)
            #expect((row["not_measured"] as? String)?.contains("requirements.txt") == (isOurs ? nil : true))
        }
        #expect((object["environment"] as? [String: Any])?["cores"] != nil)
    }

    @Test("A benchmark of ours alone succeeds and prints the machine's limit")
    func oursAlone() throws {
        let text = try Program.succeed([
            "bench", "encodec", "--codec", Program.small, "--seconds", "0.5", "--bandwidth", "1.5", "--repeats", "1",
            "--threads", "1,2", "--peers", "none",
        ])
        for part in ["encode ours", "decode ours", "GFLOP/s", "GB/s", "peak resident memory"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("not measured"))
    }

    @Test("The table says not measured once for each missing peer")
    func missingPeersInText() throws {
        let outcome = try Program.run([
            "bench", "encodec", "--codec", Program.small, "--seconds", "0.5", "--bandwidth", "1.5", "--repeats", "1",
            "--threads", "1", "--python", "no-such-python", "--peers", "hf",
        ])
        #expect(outcome.status == 3)
        #expect(outcome.output.components(separatedBy: "Hugging Face: not measured (").count == 2)
        #expect(!outcome.output.contains("encode Hugging Face"))
    }

    @Test("The convolution's benchmark has our numbers and says why SciPy's are missing, with exit code 3")
    func convolutionWithoutPeer() throws {
        let call = ["bench", "hrf", "--trs", "40", "--columns", "600", "--repeats", "2", "--threads", "1,2", "--json"]
        let outcome = try Program.run(call + ["--python", "no-such-python"])
        #expect(outcome.status == 3, "\(outcome.error)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let rows = try #require(object["rows"] as? [[String: Any]])
        #expect(rows.count == 6)
        for row in rows {
            let isOurs = row["engine"] as? String == "ours"
            #expect((row["seconds"] as? [Double])?.count == (isOurs ? 2 : 0))
            #expect((row["median_seconds"] != nil) == isOurs && row["ours_is_faster_by"] == nil)
            #expect((row["not_measured"] != nil) == !isOurs)
        }
        let alone = try Program.succeed(call.dropLast() + ["--python", "none"])
        #expect(alone.contains("40 x 600, median of 2") && !alone.contains("not measured"))
    }

    @Test("A benchmark of metrics has our numbers and the panel's, and says why pystoi's are missing, with exit code 3")
    func metricsWithoutPeer() throws {
        let arguments = ["bench", "metrics", "--seconds", "2", "--film", "3", "--repeats", "2"]
        let outcome = try Program.run(arguments + ["--python", "no-such-python", "--json"])
        #expect(outcome.status == 3, "\(outcome.error)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let rows = try #require(object["rows"] as? [[String: Any]])
        #expect(rows.map { $0["metric"] as? String } == ["stoi", "estoi"])
        for row in rows {
            let ours = try #require(row["ours"] as? [String: Any])
            #expect((ours["seconds"] as? [Double])?.count == 2)
            let value = try #require(ours["value"] as? Double)
            #expect((0.1..<1).contains(value))
            #expect(row["ours_median_seconds"] is Double && row["ours_is_faster_by"] == nil)
            #expect((row["not_measured"] as? String)?.contains("requirements-metrics.txt") == true)
        }
        let panel = try #require(object["panel"] as? [String: Any])
        #expect(panel["audio_seconds"] as? Double == 3)
        #expect(try #require(panel["metrics"] as? Int) >= 15)
        #expect(try #require(panel["peak_resident_bytes"] as? Int) > 5_000_000)
        let text = try Program.succeed(arguments + ["--peer", "none", "--film", "0"])
        #expect(text.contains("stoi") && !text.contains("panel:") && !text.contains("not measured"))
    }

    @Test("A benchmark of models has our numbers and says why PyTorch's are missing, with exit code 3")
    func modelsWithoutPeer() throws {
        let call = ["bench", "models", "--batch", "4", "--repeats", "2", "--threads", "1"]
        let cases = ["--cases", "small-codes-step,small-classes-step,encoder-codes-forward"]
        let outcome = try Program.run(call + cases + ["--python", "no-such-python", "--json"])
        #expect(outcome.status == 3, "\(outcome.error)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let rows = try #require(object["rows"] as? [[String: Any]])
        #expect(rows.map { $0["parameters"] as? Int } == [252_768, 478_944, 1_673_344])
        for row in rows {
            #expect((row["our_seconds"] as? [Double])?.count == 2 && row["our_median_seconds"] is Double)
            #expect((row["torch_seconds"] as? [Double])?.isEmpty == true && row["ours_is_faster_by"] == nil)
            #expect((row["not_measured"] as? String)?.contains("requirements.txt") == true)
        }
        let environment = try #require(object["environment"] as? [String: Any])
        #expect((environment["blas_core"] as? String)?.isEmpty == false)
        let alone = try Program.succeed(call + cases + ["--python", "none"])
        #expect(alone.contains("small widths, codes, step") && !alone.contains("not measured"))
        try Program.expectFailure(
            call + ["--cases", "none-such"], status: 64, saying: ["none-such", "design-mel-step"])
    }

    @Test("A forced kernel set of OpenBLAS is named in a benchmark's first lines")
    func forcedCore() throws {
        let call = [
            "bench", "models", "--batch", "4", "--repeats", "1", "--threads", "1", "--python", "none", "--cases",
            "small-codes-step",
        ]
        let forced = try Program.run(call, environment: ["OPENBLAS_CORETYPE": "Haswell"])
        #expect(forced.output.contains("forced by OPENBLAS_CORETYPE"))
        let free = try Program.run(call, environment: ["OPENBLAS_CORETYPE": ""])
        #expect(!free.output.contains("forced"))
    }
}
