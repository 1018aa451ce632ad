import Foundation
import NumericCore
import TestSupport

extension ExampleFolder {
    /// `film.mp4`, `film.m4v`, `film.wav` and `decoded.wav` (1 s), `film.npy` and `codes.npy` (codes of mini),
    /// `features.npy` (codes of 4 TRs), `episode.npy` (of 120), `film_encodec.npz` (a cache of the Python system),
    /// `pairs.csv`, `labels.csv`, `GoldenData`, `Sources` and an empty home.
    func makeInputs() throws {
        let files = FileManager.default
        for name in ["film.mp4", "film.m4v"] {
            try files.copyItem(atPath: Repository.golden("clips/opening.m4v").path, toPath: folder.path(name))
        }
        try files.createDirectory(atPath: folder.path("home"), withIntermediateDirectories: false)
        try files.createSymbolicLink(
            atPath: folder.path("Sources"),
            withDestinationPath: Repository.root.appendingPathComponent("Sources").path)
        try linkGoldens()
        try writeSounds()
        try writeArrays()
        for (name, text) in [
            ("pairs.csv", "reference,test\nfilm.wav,decoded.wav\n"), ("labels.csv", Self.labels),
        ] {
            try Data(text.utf8).write(to: folder.url.appendingPathComponent(name))
        }
    }

    /// What the labels of the embedded clip say about its opening.
    private static let labels = """
        start,end,label
        0.00,0.80,silence
        0.80,4.74,speech
        4.74,5.44,silence
        5.44,6.00,speech

        """

    /// All goldens, but for two that take most of a run's time and that other tests hold the codec to: the full-size
    /// architectures are absent, and the clip is its own opening.
    private func linkGoldens() throws {
        let files = FileManager.default
        let replaced = ["clips", "encodec"]
        for name in replaced {
            try files.createDirectory(
                atPath: folder.path("GoldenData/\(name)"), withIntermediateDirectories: true)
        }
        let all = try files.contentsOfDirectory(atPath: Repository.golden("").path)
        let encodec = try files.contentsOfDirectory(atPath: Repository.golden("encodec").path)
        for name in all.filter({ !replaced.contains($0) })
            + encodec.filter({ !$0.hasPrefix("full") }).map({ "encodec/\($0)" })
        {
            try files.createSymbolicLink(
                atPath: folder.path("GoldenData/\(name)"), withDestinationPath: Repository.golden(name).path)
        }
        try files.copyItem(
            atPath: Repository.golden("clips/opening.m4v").path, toPath: folder.path("GoldenData/clips/scene.m4v"))
        try Data(Self.labels.utf8).write(to: folder.url.appendingPathComponent("GoldenData/clips/scene.labels.csv"))
    }

    private func writeSounds() throws {
        let tone = (0..<24000).map { index -> Float in
            let saw = Float(index % 120) / 240
            return saw * Float(index % 7000) / 7000
        }
        try WaveFile.write(tone, rate: 24000, to: folder.path("film.wav"))
        try WaveFile.write(tone.map { $0 * 0.9 }, rate: 24000, to: folder.path("decoded.wav"))
    }

    private func writeArrays() throws {
        func codes(_ shape: [Int]) -> Tensor<Int32> {
            Tensor((0..<shape.reduce(1, *)).map { Int32($0 * 37 % 1024) }, shape: shape)
        }
        for name in ["film.npy", "codes.npy"] { try NpyFile.write(codes([8, 75]), to: folder.path(name)) }
        try NpyFile.write(codes([4, 8, 113]), to: folder.path("features.npy"))
        try NpyFile.write(codes([120, 8, 113]), to: folder.path("episode.npy"))
        // As the Python system stores 3 kbps: 4 real codebooks, and 4 of zeros, flat.
        let real = codes([4, 4 * 112]).elements
        let padded = (0..<4).flatMap { real[$0 * 448..<($0 + 1) * 448] + [Int32](repeating: 0, count: 448) }
        let times = (0...4).map { Double($0) * 1.5 }
        try NpzFile.write(
            [
                ("features", NpyFile.encode(Tensor(padded.map { Int64($0) }, shape: [4, 896]))),
                ("tr_indices", NpyFile.encode(Tensor([Int64](0..<4), shape: [4]))),
                ("start_times", NpyFile.encode(Tensor([Double](times[..<4]), shape: [4]))),
                ("end_times", NpyFile.encode(Tensor([Double](times[1...]), shape: [4]))),
                ("n_frames", NpyFile.encode(Tensor([Int64](repeating: 112, count: 4), shape: [4]))),
            ], to: folder.path("film_encodec.npz"), packing: .deflated)
    }
}
