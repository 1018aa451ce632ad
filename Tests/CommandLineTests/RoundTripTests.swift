import Foundation
import NumericCore
import TestSupport
import Testing

struct RoundTripTests {
    @Test(
        "Encoding a float WAV of the golden input writes Hugging Face's codes as int32",
        arguments: ["speech", "music", "silent", "noisy"], ["0.375", "0.75", "1.5"])
    func encodesToGoldenCodes(name: String, bandwidth: String) throws {
        let folder = try TemporaryFolder()
        let input = try GoldenCodec.input(name, of: Program.small)
        try WaveFile.write(input.samples, rate: 24000, to: folder.path("in.wav"))
        try Program.succeed([
            "encode", folder.path("in.wav"), "-o", folder.path("c.npy"), "--codec", Program.small, "--bandwidth",
            bandwidth,
        ])
        let array = try NpyFile.read(path: folder.path("c.npy"))
        #expect(array.elementType == .int32)
        let golden = try GoldenCodec.codes("\(name)_codes_\(bandwidth)", of: Program.small)
        #expect(array.shape == golden.shape)
        expectEqual(try array.int32().elements, golden.elements)
    }

    @Test(
        "Decoding golden codes of any integer type writes Hugging Face's audio",
        arguments: ["speech", "music", "silent", "noisy"])
    func decodesToGoldenAudio(name: String) throws {
        let folder = try TemporaryFolder()
        let codes = try GoldenCodec.codes("\(name)_codes_0.75", of: Program.small)
        func write<Number: ArrayElement & FixedWidthInteger>(_ type: Number.Type) throws {
            let numbers = Tensor(codes.elements.map { Number($0) }, shape: codes.shape)
            try NpyFile.write(numbers, to: folder.path("\(type).npy"))
        }
        try write(Int8.self)
        try write(UInt8.self)
        try write(Int16.self)
        try write(UInt16.self)
        try write(Int64.self)
        try write(UInt64.self)
        let golden = try GoldenCodec.audio("\(name)_audio_0.75", of: Program.small)
        for type in ["Int8", "UInt8", "Int16", "UInt16", "Int64", "UInt64"] {
            let output = folder.path(type + ".wav")
            try Program.succeed(["decode", folder.path(type + ".npy"), "-o", output, "--codec", Program.small])
            let samples = try WaveFile.samples(output)
            let peak = golden.reduce(0) { max($0, $1.magnitude) }
            try #require(samples.count == golden.count)
            for index in golden.indices {
                let error = (samples[index] - golden[index]).magnitude
                // GoldenData/README.md: audio within 1e-4 of the peak.
                try #require(error <= 1e-4 * peak, "\(type)[\(index)] is \(samples[index]), not \(golden[index])")
            }
        }
    }

    @Test("Fewer codebooks decode as the lower bandwidth does, and --length cuts the end off")
    func selectsCodebooksAndLength() throws {
        let folder = try TemporaryFolder()
        for bandwidth in ["0.375", "1.5"] {
            let codes = try GoldenCodec.codes("speech_codes_\(bandwidth)", of: Program.small)
            try NpyFile.write(codes, to: folder.path(bandwidth + ".npy"))
        }
        let codec = ["--codec", Program.small]
        try Program.succeed(["decode", folder.path("0.375.npy"), "-o", folder.path("low.wav")] + codec)
        try Program.succeed(
            ["decode", folder.path("1.5.npy"), "-o", folder.path("cut.wav"), "--codebooks", "1", "--length", "1700"]
                + codec)
        let (low, cut) = try (WaveFile.samples(folder.path("low.wav")), WaveFile.samples(folder.path("cut.wav")))
        #expect(low.count == 1920)
        expectEqual(cut, Array(low.prefix(1700)))
    }

    @Test(
        "Chunks, scales and lengths of a stereo codec go through a .npz and come back",
        arguments: ["two_and_short", "one_more"])
    func chunkedRoundTrip(name: String) throws {
        let folder = try TemporaryFolder()
        let input = try GoldenCodec.input(name, of: Program.smallStereo)
        let sampleCount = input.samples.count / 2
        try WaveFile.write(input.samples, rate: 1200, channels: 2, to: folder.path("in.wav"))
        let codec = ["--codec", Program.smallStereo]
        try Program.succeed(
            ["encode", folder.path("in.wav"), "-o", folder.path("c.npz"), "--bandwidth", "3"] + codec)
        let file = try NpzFile(path: folder.path("c.npz"))
        #expect(file.names == ["codes", "scales", "last_frame_pad_length", "sample_count"])
        let golden = try GoldenCodec.codes(name + "_codes_3", of: Program.smallStereo)
        let codes = try file.array("codes").int32()
        #expect(codes.shape == golden.shape)
        expectEqual(codes.elements, golden.elements)
        #expect(try file.array("sample_count").int64().elements == [Int64(sampleCount)])
        let goldenScales = try NpzFile(path: Program.smallStereo + "/codes.npz").array(name + "_scales").float32()
        for (found, expected) in zip(try file.array("scales").float32().elements, goldenScales.elements) {
            #expect((found - expected).magnitude <= 1e-5 * expected.magnitude)
        }

        try Program.succeed(["decode", folder.path("c.npz"), "-o", folder.path("out.wav")] + codec)
        let audio = try GoldenCodec.audio(name + "_audio_3", of: Program.smallStereo)
        let samples = try WaveFile.samples(folder.path("out.wav"))
        #expect(samples.count == 2 * sampleCount, "cut to what was encoded")
        let peak = audio.reduce(0) { max($0, $1.magnitude) }
        for (found, expected) in zip(samples, audio) { #expect((found - expected).magnitude <= 1e-4 * peak) }
    }

    @Test("A .npz of a codec without chunks decodes to the encoded length")
    func singleChunkArchive() throws {
        let folder = try TemporaryFolder()
        let input = try GoldenCodec.input("speech", of: Program.small)
        try WaveFile.write(input.samples, rate: 24000, to: folder.path("in.wav"))
        let options = ["--codec", Program.small]
        try Program.succeed(
            ["encode", folder.path("in.wav"), "-o", folder.path("c.npz"), "--bandwidth", "1.5"] + options)
        try Program.succeed(["decode", folder.path("c.npz"), "-o", folder.path("out.wav")] + options)
        #expect(try WaveFile.samples(folder.path("out.wav")).count == input.samples.count)
    }

    @Test(
        "The sample coding follows --subtype and the extension",
        arguments: [(nil, 4), ("float", 4), ("24", 3), ("16", 2)] as [(String?, Int)])
    func subtypes(subtype: String?, byteCount: Int) throws {
        let folder = try TemporaryFolder()
        try NpyFile.write(GoldenCodec.codes("speech_codes_1.5", of: Program.small), to: folder.path("c.npy"))
        let choice = subtype.map { ["--subtype", $0] } ?? []
        let json = try Program.succeed(
            ["decode", folder.path("c.npy"), "-o", folder.path("o.wav"), "--codec", Program.small, "--json"] + choice)
        #expect(try WaveFile.dataChunk(folder.path("o.wav")).count == 1920 * byteCount)
        #expect(json.contains(byteCount == 4 ? "float32" : "pcm\(byteCount * 8)"))
        let flac = try Program.run(
            ["decode", folder.path("c.npy"), "-o", folder.path("o.flac"), "--codec", Program.small, "--json"] + choice)
        #expect(flac.status == (subtype == "float" ? 64 : 0), "\(flac.error)")
        if subtype == nil { #expect(flac.output.contains("pcm24")) }
    }
}
