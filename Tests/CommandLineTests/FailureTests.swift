import Foundation
import NumericCore
import TestSupport
import Testing

struct FailureTests {
    /// One wrong call: files are names inside a fresh folder, `@` stands for it.
    struct Call: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let arguments: [String]
        let status: Int32
        let texts: [String]

        init(_ description: String, _ command: String, _ status: Int32, _ texts: String...) {
            testDescription = description
            arguments = command.split(separator: " ").map(String.init)
            (self.status, self.texts) = (status, texts)
        }
    }

    static let encode = "--codec SMALL --bandwidth 1.5"
    static let encoding: [Call] = [
        Call("a missing input", "encode @/none.wav -o @/old.npy \(encode)", 66, "none.wav", "no such file"),
        Call("a folder as input", "encode @ -o @/old.npy \(encode)", 65, "folder"),
        Call("a text file as audio", "encode @/text.wav -o @/old.npy \(encode)", 65, "text.wav"),
        Call("an empty file", "encode @/empty.wav -o @/old.npy \(encode)", 65, "empty"),
        Call("a WAV without samples", "encode @/zero.wav -o @/old.npy \(encode)", 65, "empty"),
        Call("a NaN in the audio", "encode @/nan.wav -o @/old.npy \(encode)", 65, "nan"),
        Call("an unknown bandwidth", "encode @/in.wav -o @/old.npy --codec SMALL", 64, "6.0", "0.375, 0.75, 1.5"),
        Call("an output of another kind", "encode @/in.wav -o @/old.txt \(encode)", 64, ".npz"),
        Call("a missing output folder", "encode @/in.wav -o @/no/c.npy \(encode)", 74, "no/c.npy"),
        Call("a file where a folder should be", "encode @/in.wav -o @/in.wav/c.npy \(encode)", 74, "c.npy"),
        Call("a folder as output", "encode @/in.wav -o @/folder.npy \(encode)", 74, "folder.npy"),
        Call("the input as output", "encode @/same.npy -o @/same.npy \(encode)", 64, "itself"),
        Call(
            "an unknown codec", "encode @/in.wav -o @/old.npy --codec nobody/nothing", 66, "nobody/nothing",
            "codecgate codec fetch nobody/nothing"),
        Call("chunks into .npy", "encode @/in.wav -o @/old.npy --codec STEREO --bandwidth 3", 64, ".npz"),
    ]

    static let decode = "--codec SMALL"
    static let decoding: [Call] = [
        Call("missing codes", "decode @/none.npy -o @/old.wav \(decode)", 66, "none.npy"),
        Call("a folder as codes", "decode @ -o @/old.wav \(decode)", 65, "not a regular file"),
        Call("audio as codes", "decode @/in.wav -o @/old.wav \(decode)", 65, ".npy"),
        Call("a negative code", "decode @/negative.npy -o @/old.wav \(decode)", 65, "code -1", "0...31"),
        Call("a code beyond the codebook", "decode @/beyond.npy -o @/old.wav \(decode)", 65, "code 32", "frame 1"),
        Call("too many codebooks", "decode @/five.npy -o @/old.wav \(decode)", 65, "5 codebooks", "1 to 4"),
        Call("floats as codes", "decode @/float.npy -o @/old.wav \(decode)", 65, "float32", "int32"),
        Call("codes of one dimension", "decode @/flat.npy -o @/old.wav \(decode)", 65, "[6]", "(codebooks, frames)"),
        Call("codes without frames", "decode @/none2.npy -o @/old.wav \(decode)", 65, "empty"),
        Call("more samples than there are", "decode @/codes.npy -o @/old.wav --length 641 \(decode)", 65, "640", "641"),
        Call(
            "more codebooks than there are", "decode @/codes.npy -o @/old.wav --codebooks 3 \(decode)", 65,
            "2 codebooks"),
        Call("floats in FLAC", "decode @/codes.npy -o @/old.flac --subtype float \(decode)", 64, "24"),
        Call("an output of another kind", "decode @/codes.npy -o @/old.mp3 \(decode)", 64, ".flac"),
        Call("a missing output folder", "decode @/codes.npy -o @/no/o.wav \(decode)", 74, "no/o.wav"),
        Call("a folder as output", "decode @/codes.npy -o @/folder.wav \(decode)", 74, "folder.wav"),
        Call("an array for a codec with chunks", "decode @/codes.npy -o @/old.wav --codec STEREO", 65, ".npz"),
        Call("a .npz without codes", "decode @/other.npz -o @/old.wav \(decode)", 65, "codes", "other"),
        Call("a wrong number of samples", "decode @/count.npz -o @/old.wav \(decode)", 65, "sample_count 9999"),
        Call("scales for a codec without", "decode @/scales.npz -o @/old.wav \(decode)", 65, "scales"),
        Call("an inspected codec that is none", "codec inspect @/folder.npy", 66, "config.json"),
    ]

    @Test(
        "A wrong call says what is wrong, with its exit code, and leaves every file as it was",
        arguments: encoding + decoding)
    func failsCleanly(call: Call) throws {
        let folder = try TemporaryFolder()
        try Self.fill(folder.url)
        let before = try Self.contents(folder.url)
        let arguments = call.arguments.map {
            $0.replacingOccurrences(of: "@", with: folder.url.path)
                .replacingOccurrences(of: "SMALL", with: Program.small)
                .replacingOccurrences(of: "STEREO", with: Program.smallStereo)
        }
        try Program.expectFailure(arguments, status: call.status, saying: call.texts)
        #expect(try Self.contents(folder.url) == before, "files changed")
    }

    @Test(
        "Wrong use gives exit code 64 and the usage",
        arguments: [
            "encode", "encode a --bogus", "decode a -o b.wav --length 0",
            "encode a -o b.npy --threads 0", "bench encodec --peers fast", "bench encodec --threads x", "nonsense",
        ])
    func wrongUse(command: String) throws {
        let outcome = try Program.run(command.split(separator: " ").map(String.init))
        #expect(outcome.status == 64, "\(outcome.error)")
        #expect(outcome.error.contains("Usage: codecgate"))
        #expect(outcome.output.isEmpty)
    }

    @Test("Damaged weights are bad data and name the file")
    func damagedWeights() throws {
        let folder = try TemporaryFolder()
        for name in ["config.json", "model.safetensors"] {
            try FileManager.default.copyItem(atPath: "\(Program.small)/\(name)", toPath: folder.path(name))
        }
        var weights = try Data(contentsOf: URL(fileURLWithPath: folder.path("model.safetensors")))
        weights.removeLast(10)
        try weights.write(to: URL(fileURLWithPath: folder.path("model.safetensors")))
        try Program.expectFailure(["codec", "inspect", folder.url.path], status: 65, saying: ["model.safetensors"])
        try Data("{".utf8).write(to: URL(fileURLWithPath: folder.path("config.json")))
        try Program.expectFailure(["codec", "inspect", folder.url.path], status: 65, saying: ["config.json"])
    }

    /// Good and bad inputs, and outputs of earlier runs.
    static func fill(_ folder: URL) throws {
        func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
        for name in ["old.npy", "old.wav", "old.flac", "old.txt", "old.mp3"] {
            try Data("precious".utf8).write(to: URL(fileURLWithPath: path(name)))
        }
        for name in ["folder.npy", "folder.wav"] {
            try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: false)
        }
        let tone = (0..<700).map { Float($0 % 50) / 100 }
        try WaveFile.write(tone, rate: 24000, to: path("in.wav"))
        try WaveFile.write(tone, rate: 24000, to: path("same.npy"))
        try WaveFile.write([], rate: 24000, to: path("zero.wav"))
        try WaveFile.write(tone + [.nan] + tone, rate: 24000, to: path("nan.wav"))
        try Data("not audio at all, but text\n".utf8).write(to: URL(fileURLWithPath: path("text.wav")))
        try Data().write(to: URL(fileURLWithPath: path("empty.wav")))
        func codes<Number: ArrayElement>(_ name: String, _ values: [Number], _ shape: [Int]) throws {
            try NpyFile.write(Tensor(values, shape: shape), to: path(name))
        }
        try codes("codes.npy", [1, 2, 3, 31] as [Int32], [2, 2])
        try codes("negative.npy", [1, 2, 3, -1] as [Int8], [2, 2])
        try codes("beyond.npy", [1, 32, 3, 4] as [UInt16], [2, 2])
        try codes("five.npy", [Int32](repeating: 1, count: 10), [5, 2])
        try codes("float.npy", [1, 2, 3, 4] as [Float], [2, 2])
        try codes("flat.npy", [Int32](repeating: 1, count: 6), [6])
        try codes("none2.npy", [] as [Int32], [2, 0])
        let good = NpyFile.encode(Tensor([1, 2, 3, 31] as [Int32], shape: [1, 2, 2]))
        try NpzFile.write([("other", good)], to: path("other.npz"))
        try NpzFile.write(
            [("codes", good), ("sample_count", NpyFile.encode(Tensor([Int64(9999)], shape: [])))], to: path("count.npz")
        )
        try NpzFile.write(
            [("codes", good), ("scales", NpyFile.encode(Tensor([Float(1)], shape: [1])))], to: path("scales.npz"))
    }

    /// Names and contents of everything in a folder.
    static func contents(_ folder: URL) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            found[name] = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path) ?? Data()
        }
        return found
    }
}
