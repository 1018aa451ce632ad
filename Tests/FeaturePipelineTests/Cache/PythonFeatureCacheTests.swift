import FeaturePipeline
import NumericCore
import TestSupport
import Testing

struct PythonFeatureCacheTests {
    /// Members as the Python system writes them: four real and four zero codebooks, n_frames always 112.
    static func members(rows: Int = 3) -> [String: [UInt8]] {
        let codes = Fixture.codes([rows, 896]).elements.enumerated().map { $0 % 896 < 448 ? Int64($1) : 0 }
        let starts = (0..<rows).map { Double($0) * 1.5 }
        return [
            "features": NpyFile.encode(Tensor(codes, shape: [rows, 896])),
            "tr_indices": NpyFile.encode(Tensor((0..<rows).map { Int64($0) }, shape: [rows])),
            "start_times": NpyFile.encode(Tensor(starts, shape: [rows])),
            "end_times": NpyFile.encode(Tensor(starts.map { $0 + 1.5 }, shape: [rows])),
            "n_frames": NpyFile.encode(Tensor([Int64](repeating: 112, count: rows), shape: [rows])),
        ]
    }

    static func write(_ members: [String: [UInt8]], to path: String) throws {
        try NpzFile.write(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: path, packing: .deflated)
    }

    @Test func `a cache is read, its padding recognised, and what it does not state is named`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("stimuli_encodec.npz")
        try Self.write(Self.members(), to: path)
        let cache = try PythonFeatureCache.read(path: path)
        let layout = CodeLayout(codebookCount: 8, framesPerTR: 112, zeroPaddedCodebooks: 4)
        #expect(cache.detection.format == .encodecFlat(layout))
        #expect(cache.startTimes == [0, 1.5, 3])
        #expect(cache.endTimes == [1.5, 3, 4.5])
        #expect(cache.frameCounts == [112, 112, 112])
        #expect(cache.observedTRSeconds == 1.5)
        #expect(PythonFeatureCache.missing.contains("bandwidth"))
        let file = try #require(FeatureFile.read(path: path).first)
        #expect(file.origin == .pythonCache(missing: PythonFeatureCache.missing))
        #expect(file.label.hasSuffix("!features"))
    }

    @Test("A member that is not there is named", arguments: PythonFeatureCache.memberNames)
    func missing(name: String) throws {
        let folder = try TemporaryFolder()
        var members = Self.members()
        members[name] = nil
        try Self.write(members, to: folder.path("c.npz"))
        let error = try #require(throws: FeatureError.self) {
            try PythonFeatureCache.read(path: folder.path("c.npz"))
        }
        #expect("\(error)".contains("\"\(name)\""))
    }

    /// A member replaced by a column that contradicts the others.
    struct Contradiction: CustomTestStringConvertible, Sendable {
        let member: String
        let values: [Double]
        let text: String
        var testDescription: String { text }
    }

    @Test(
        "Columns that contradict each other are refused",
        arguments: [
            Contradiction(member: "start_times", values: [0, 1.5], text: "2 entries of start_times"),
            Contradiction(member: "start_times", values: [0, 1.5, 3.2], text: "gap"),
            Contradiction(member: "end_times", values: [1.5, 3, 2.9], text: "from 3.0 to 2.9"),
            Contradiction(member: "end_times", values: [1.5, 3, .nan], text: "nan"),
            Contradiction(member: "tr_indices", values: [0, 2, 1], text: "out of order"),
            Contradiction(member: "n_frames", values: [112, -1, 112], text: "n_frames -1"),
        ])
    func contradictions(wrong: Contradiction) throws {
        let folder = try TemporaryFolder()
        var members = Self.members()
        members[wrong.member] = NpyFile.encode(Tensor(wrong.values, shape: [wrong.values.count]))
        try Self.write(members, to: folder.path("c.npz"))
        let error = try #require(throws: FeatureError.self) {
            try PythonFeatureCache.read(path: folder.path("c.npz"))
        }
        #expect("\(error)".contains(wrong.text), "\(error)")
        #expect(throws: FeatureError.self) { try FeatureFile.read(path: folder.path("c.npz")) }
    }

    @Test func `a known TR is held against the times`() throws {
        let folder = try TemporaryFolder()
        try Self.write(Self.members(), to: folder.path("c.npz"))
        let path = folder.path("c.npz")
        #expect(try PythonFeatureCache.read(path: path, repetitionTime: .standard).detection.format.isDecided)
        #expect(throws: FeatureError.self) {
            try PythonFeatureCache.read(path: path, repetitionTime: RepetitionTime(2, over: 1))
        }
    }
}
