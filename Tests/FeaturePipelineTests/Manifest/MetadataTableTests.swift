import FeaturePipeline
import TestSupport
import Testing

struct MetadataTableTests {
    private static let rows = [
        TRMetadata(
            index: 0, startSeconds: 0, endSeconds: 1.5, frameCount: 112, codebookCount: 8, encodingMode: "encodec"),
        TRMetadata(
            index: 1, startSeconds: 1.5, endSeconds: 3, frameCount: 113, codebookCount: 8, encodingMode: "encodec"),
    ]

    @Test("A table is written with the design's columns and reads back")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        try MetadataTable.write(Self.rows, to: folder.path("m.csv"))
        #expect(try MetadataTable.read(path: folder.path("m.csv")) == Self.rows)
        #expect(
            MetadataTable.csv(Self.rows).hasPrefix(
                "tr_index,start_time,end_time,n_frames,n_codebooks,encoding_mode\n0,0.0,1.5,112,8,encodec\n"))
    }

    @Test("The Python system's tables are read: other orders, no codebooks, carriage returns")
    func variants() throws {
        let text =
            "start_time,end_time,tr_index,n_frames,encoding_mode\r\n0.0,1.5,0,64,mel_spectrogram\r\n1.5,3.0,1,65,\r\n"
        let rows = try MetadataTable.rows(csv: Array(text.utf8), path: "m")
        #expect(rows.map(\.frameCount) == [64, 65] && rows.map(\.codebookCount) == [nil, nil])
        #expect(rows.map(\.encodingMode) == ["mel_spectrogram", nil])
        let header = "tr_index,start_time,end_time,n_frames\n"
        #expect(try MetadataTable.rows(csv: Array(header.utf8), path: "m").isEmpty)
    }

    @Test(
        "A fault is refused with its line",
        arguments: [
            ("", 1, "unknown"), ("tr_index,start_time,end_time", 1, "n_frames"),
            (",tr_index,start_time,end_time,n_frames\n", 1, "index=False"),
            ("tr_index,tr_index,start_time,end_time,n_frames\n", 1, "twice"),
            ("tr_index,start_time,end_time,n_frames\n0,0,1.5\n", 2, "3 values for 4 columns"),
            ("tr_index,start_time,end_time,n_frames\n0,0,1.5,112\n2,1.5,3,113\n", 3, "follow"),
            ("tr_index,start_time,end_time,n_frames\n0,0,nan,112\n", 2, "end_time is \"nan\""),
            ("tr_index,start_time,end_time,n_frames\n0,1.5,1.5,112\n", 2, "after the start_time"),
            ("tr_index,start_time,end_time,n_frames\n0,0,1.5,-1\n", 2, "n_frames is \"-1\""),
            ("tr_index,start_time,end_time,n_frames\n0,0,1.5,99999999999999999999\n", 2, "n_frames"),
            ("tr_index,start_time,end_time,n_frames\n0,0,1.5,\n", 2, "n_frames is \"\""),
            ("tr_index,start_time,end_time,n_frames,encoding_mode\n0,0,1.5,1,mp3\n", 2, "encoding_mode"),
        ])
    func refusals(text: String, line: Int, says: String) throws {
        let error = #expect(throws: FeatureError.self) { try MetadataTable.rows(csv: Array(text.utf8), path: "t.csv") }
        let sentence = try #require(error).description
        #expect(sentence.contains("'t.csv', line \(line)") && sentence.contains(says), "\(sentence)")
    }

    @Test("Thousands of damaged tables are read or refused, never a crash")
    func hostile() {
        var mutator = SeededMutator(seed: 3)
        let bytes = Array(MetadataTable.csv(Self.rows).utf8)
        var refused = 0
        for _ in 0..<5000 {
            do { _ = try MetadataTable.rows(csv: mutator.mutate(bytes), path: "m") } catch { refused += 1 }
        }
        #expect(refused > 2500)
    }
}
