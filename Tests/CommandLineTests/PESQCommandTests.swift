import Foundation
import TestSupport
import Testing

struct PESQCommandTests {
    @Test("PESQ by a program is the mean over segments at 16 kHz; a missing module is not measured")
    func pesq() throws {
        let folder = try MetricsCommandTests.folder(test: MetricsCommandTests.noise)
        // It answers like the ITU's program, with the number of sample bytes it was given over 100,000.
        let script =
            "#!/bin/sh\nn=$(wc -c < \"$4\")\necho \"P.862.2 Prediction : = $(awk \"BEGIN{print $n/100000}\")\"\n"
        try Data(script.utf8).write(to: URL(fileURLWithPath: folder.path("scorer")))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("scorer"))
        let measured = try MetricsCommandTests.run(folder, "--metrics snr --pesq \(folder.path("scorer"))")
        // 32000 samples of 16 bits and a header of 44 bytes.
        #expect(try MetricsCommandTests.row("pesq.wb.p862_2.external_binary@16k", measured)[1] == "0.6404")
        #expect(measured.contains("one segment of 2.00 s, shorter than the 8 to 12 s that PESQ is meant for"))
        // 20 s at 8 kHz become 320,000 samples at 16 kHz, in segments with a header each.
        let long = [[Float]](repeating: MetricsCommandTests.noise, count: 5).flatMap(\.self)
        for name in ["long.wav", "same.wav"] { try WaveFile.write(long, rate: 8000, to: folder.path(name)) }
        let parts = try MetricsCommandTests.metric(
            "pesq.wb.p862_2.external_binary@16k",
            MetricsCommandTests.object(
                try Program.succeed(
                    ["metrics", folder.path("long.wav"), folder.path("same.wav"), "--metrics", "level.rms", "--json"]
                        + ["--pesq", folder.path("scorer")])))
        let count = try #require((parts["details"] as? [String: Double])?["segments"])
        // 20 s hold two segments of 8 to 12 s and no other number.
        #expect(count == 2)
        let remark = try #require(parts["remark"] as? String)
        let lengths = remark.split(separator: " ").compactMap { Double($0) }
        #expect(lengths.count == 3 && lengths[1] >= 8 && lengths[2] <= 12, "\(remark)")
        #expect(abs(lengths[1] + lengths[2] - 20) < 0.011, "\(remark)")
        let mean = try #require(parts["value"] as? Double)
        #expect(abs(mean - (640_000 + 44 * count) / count / 100_000) < 1e-4, "\(mean) over \(count)")
        let python = "#!/bin/sh\nexit 1\n"
        try Data(python.utf8).write(to: URL(fileURLWithPath: folder.path("python3")))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("python3"))
        let without = try Program.succeed(
            ["metrics", folder.path("ref.wav"), folder.path("test.wav"), "--metrics", "snr", "--pesq", "auto"],
            environment: ["PATH": "\(folder.url.path):/usr/bin:/bin"])
        let row = try MetricsCommandTests.row("pesq.wb@16k", without)
        #expect(row[1] == "-" && row.contains("not") && row.contains("(no"), "\(row)")
    }
}
