import Foundation
import TestSupport
import Testing

struct LabelTests {
    private static let labels = "start,end,label\n0,0.5,speech\n0.5,1.25,music\n1.25,2,speech\n"
    /// Speech at a half, music at a quarter of the level.
    private static let spoilt = MetricsCommandTests.noise.enumerated().map {
        (8000..<20000).contains($0) ? 0.25 * $1 : 0.5 * $1
    }

    private func recordings(_ test: [Float], _ labels: String = LabelTests.labels) throws -> TemporaryFolder {
        let folder = try MetricsCommandTests.folder(test: test)
        try Data(labels.utf8).write(to: URL(fileURLWithPath: folder.path("labels.csv")))
        return folder
    }

    private func means(_ text: String) throws -> (labels: [String], means: [String: Double]) {
        let object = try MetricsCommandTests.object(text)
        let segments = try #require(object["segments"] as? [String: Any])
        let spans = try #require(segments["spans"] as? [[String: Any]])
        let level = try #require((segments["metrics"] as? [String: [String: Any]])?["level.rms"])
        let byLabel = try #require(level["by_label"] as? [String: [String: Any]])
        return (
            try spans.map { try #require($0["label"] as? String) },
            try byLabel.mapValues { try #require($0["mean"] as? Double) }
        )
    }

    @Test("Segments end where the label changes and every label has its own mean")
    func byLabel() throws {
        let folder = try recordings(Self.spoilt)
        let options = "--metrics level.rms --labels \(folder.path("labels.csv"))"
        let found = try means(try MetricsCommandTests.run(folder, options + " --json"))
        #expect(found.labels == ["speech", "music", "speech"])
        // 20 log10(0.5) and 20 log10(0.25).
        #expect(abs(try #require(found.means["speech"]) + 6.0206) < 1e-3)
        #expect(abs(try #require(found.means["music"]) + 12.0412) < 1e-3)
        let table = try MetricsCommandTests.run(folder, options)
        #expect(table.contains("mean, by label (segments)  speech (2)  music (1)\n"))
        #expect(table.contains(" -6.0206   -12.0412\n"), "\(table)")
        let fine = try means(try MetricsCommandTests.run(folder, options + " --segments 0.4 --json"))
        #expect(fine.labels.count >= 5)
        #expect(abs(try #require(fine.means["music"]) + 12.0412) < 1e-3)
    }

    @Test("Labels keep their place when the beginning of the reference is not compared")
    func aligned() throws {
        let folder = try recordings(Array(Self.spoilt.dropFirst(1600)))
        let options = "--metrics level.rms --align lag --json --labels \(folder.path("labels.csv"))"
        let found = try means(try MetricsCommandTests.run(folder, options))
        #expect(found.labels == ["speech", "music", "speech"])
        #expect(abs(try #require(found.means["music"]) + 12.0412) < 1e-3)
    }

    @Test("Labels that cannot be used are named, with the exit code")
    func refused() throws {
        func expect(_ labels: String, _ texts: String...) throws {
            let folder = try recordings(Self.spoilt, labels)
            try Program.expectFailure(
                ["metrics", folder.path("ref.wav"), folder.path("test.wav"), "--labels", folder.path("labels.csv")],
                status: 65, saying: ["labels"] + texts)
        }
        try expect("start,end,label\n0,36,speech\n", "36.00 s", "ref.wav", "2.00 s")
        try expect("start,end,label\n0,2,talk\n", "line 2", "'talk'")
        let folder = try recordings(Self.spoilt)
        try Program.expectFailure(
            ["metrics", folder.path("ref.wav"), folder.path("test.wav"), "--labels", folder.path("gone.csv")],
            status: 66, saying: ["gone.csv"])
    }
}
