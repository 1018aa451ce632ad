import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct DatasetTests {
    /// fMRI that says which TR a row is: voxel 0 is the TR, voxel 1 its square, voxel 2 constant.
    static func fmri(_ count: Int) -> Tensor<Float> {
        Tensor((0..<count).flatMap { [Float($0), Float($0 * $0), 4] }, shape: [count, 3])
    }

    static func inputs(audio: Int = 100, fmri: Int = 100, video: Int? = nil, text: Int? = nil) -> Dataset.Inputs {
        Dataset.Inputs(
            audio: Fixture.array(Fixture.codes([audio, 8, 113])), fmri: self.fmri(fmri),
            video: video.map { Tensor((0..<$0 * 6).map { Float($0) }, shape: [$0, 2, 3]) },
            text: text.map { Tensor((0..<$0 * 2).map { Float($0) }, shape: [$0, 2]) })
    }

    @Test func `modalities are cut to the shortest at their ends, and the report says by how much`() throws {
        let dataset = try Dataset(
            Self.inputs(audio: 103, fmri: 101, video: 100, text: 110), repetitionTime: .standard, split: .compat,
            standardizesVoxels: false)
        #expect(dataset.report.trCount == 100)
        #expect(dataset.report.lengths.map(\.modality) == ["audio", "fmri", "video", "text"])
        #expect(dataset.report.lengths.map(\.droppedCount) == [3, 1, 0, 10])
        #expect(dataset.fmri == Self.fmri(100))
        #expect(dataset.video?.shape == [100, 6])
        #expect(dataset.video?.elements.last == 599)
        #expect(dataset.text?.elements == (0..<200).map { Float($0) })
        guard case .codes(let codes) = dataset.audio else {
            Issue.record("no codes")
            return
        }
        #expect(codes.elements == Array(Fixture.codes([103, 8, 113]).elements.prefix(100 * 904)))
    }

    @Test func `a data set without brain data has none in its batches, and says nothing of its length`() throws {
        var inputs = Self.inputs(text: 90)
        inputs.fmri = nil
        let dataset = try Dataset(inputs, repetitionTime: .standard, split: .compat)
        #expect(dataset.report.lengths.map(\.modality) == ["audio", "text"])
        #expect(dataset.fmri == nil && dataset.dimensions.fmri == nil && !dataset.report.isStandardized)
        #expect(dataset.batch([4, 7]).fmri == nil)
    }

    @Test func `the split is contiguous with a gap as long as the response, in seconds too`() throws {
        let report = try Dataset(Self.inputs(audio: 946, fmri: 946), repetitionTime: .standard).report
        // 80 % of 946 and ceil(32 s / 1.5 s).
        #expect(report.training.rows == 0..<756)
        #expect(report.gap.rows == 756..<778)
        #expect(report.validation.rows == 778..<946)
        #expect(report.training.startSeconds == 0)
        #expect(report.training.endSeconds == 1134)
        #expect(report.validation.startSeconds == 1167)
        #expect(report.validation.endSeconds == 1419)
        let compat = try Dataset(Self.inputs(audio: 946, fmri: 946), repetitionTime: .standard, split: .compat).report
        #expect(compat.gap.rows.isEmpty)
        #expect(compat.validation.rows == 756..<946)
        // 100 TRs: 80 train, 22 would be the gap, nothing is left.
        #expect(throws: FeatureError.self) { try Dataset(Self.inputs(), repetitionTime: .standard) }
    }

    @Test func `dimensions are those of an actual batch, with the format of the audio`() throws {
        let dataset = try Dataset(
            Self.inputs(video: 100, text: 100), repetitionTime: .standard, split: .compat)
        let batches = try dataset.batches(size: 7, seed: 1)
        let batch = try #require(batches.first { _ in true })
        let dimensions = dataset.dimensions
        #expect(Array(batch.audio.shape.dropFirst()) == dimensions.audio)
        #expect(batch.audio.shape == [7, 8, 113])
        #expect(batch.fmri?.shape == [7, dimensions.fmri ?? 0])
        #expect(batch.video?.shape == [7, dimensions.video ?? 0])
        #expect(batch.text?.shape == [7, dimensions.text ?? 0])
        #expect(dimensions.audioFormat == .encodec(CodeLayout(codebookCount: 8, framesPerTR: 113)))
        #expect(dimensions.audioFormatTag == "encodec_codes")
    }

    @Test func `padding is cut off in correct behaviour and kept in compat`() throws {
        let flat = Fixture.codes([100, 896]).elements.enumerated().map { $0 % 896 < 448 ? $1 : 0 }
        var inputs = Self.inputs()
        inputs.audio = Fixture.array(Tensor(flat, shape: [100, 896]))
        let correct = try Dataset(inputs, repetitionTime: .standard, split: .compat)
        let compat = try Dataset(inputs, repetitionTime: .standard, split: .compat, behaviour: .compat)
        #expect(correct.dimensions.audio == [4, 112])
        #expect(compat.dimensions.audio == [8, 112])
        guard case .codes(let cut) = correct.audio, case .codes(let kept) = compat.audio else {
            Issue.record("no codes")
            return
        }
        #expect(kept.elements == flat)
        let real: [Int32] = (0..<100).flatMap { row in flat[row * 896..<row * 896 + 448] }
        #expect(cut.elements == real)
    }

    @Test func `mel features are taken in three forms`() throws {
        for (shape, extents, tag) in [
            ([100, 128, 65], [128, 65], "mel_spectrogram"), ([100, 8320], [128, 65], "mel_spectrogram"),
            ([100, 128], [128], "legacy"),
        ] {
            var inputs = Self.inputs()
            inputs.audio = Fixture.array(Fixture.mel(shape))
            let dataset = try Dataset(inputs, repetitionTime: .standard, split: .compat)
            #expect(dataset.dimensions.audio == extents)
            #expect(dataset.dimensions.audioFormatTag == tag)
        }
    }

    @Test func `mel features in doubles are rounded, not refused`() throws {
        var inputs = Self.inputs()
        inputs.audio = Fixture.array(Tensor((0..<12_800).map { -Double($0 % 79) - 0.1 }, shape: [100, 128]))
        let dataset = try Dataset(inputs, repetitionTime: .standard, split: .compat)
        guard case .mel(let mel) = dataset.audio else {
            Issue.record("no mel")
            return
        }
        #expect(mel.elements == (0..<12_800).map { Float(-Double($0 % 79) - 0.1) })
    }

    @Test func `voxels are standardised by the training part, the constant ones counted`() throws {
        let dataset = try Dataset(Self.inputs(), repetitionTime: .standard, split: .compat)
        let fmri = try #require(dataset.fmri)
        let first = (0..<80).map { Double(fmri[$0, 0]) }
        let mean = first.reduce(0, +) / 80
        let power = first.reduce(0) { $0 + $1 * $1 } / 80
        #expect(mean.magnitude < 1e-6)
        #expect((power - 1).magnitude < 1e-6)
        #expect(fmri[99, 0] > 2.5)  // beyond what the training part has seen
        #expect(dataset.report.constantVoxelCount == 1)
        #expect(fmri[50, 2] == 0)
    }

    @Test func `a pass brings every TR of its part once, in an order that only the seed and the epoch decide`() throws {
        let dataset = try Dataset(
            Self.inputs(), repetitionTime: .standard, split: .compat, standardizesVoxels: false)
        let order = try dataset.batches(size: 16, seed: 3).order
        #expect(order.map(\.count) == [16, 16, 16, 16, 16])
        #expect(order.flatMap { $0 }.sorted() == Array(0..<80))
        #expect(order.flatMap { $0 } != Array(0..<80))
        #expect(try dataset.batches(size: 16, seed: 3).order == order)
        #expect(try dataset.batches(size: 16, seed: 4).order != order)
        #expect(try dataset.batches(size: 16, seed: 3, epoch: 1).order != order)
        let validation = try dataset.batches(size: 7, seed: 3, part: .validation)
        #expect(validation.order.flatMap { $0 }.sorted() == Array(80..<100))
        #expect(validation.order.map(\.count) == [7, 7, 6])
        #expect(try dataset.batches(size: 7, seed: 3, part: .validation, dropsShortLast: true).count == 2)
        for batch in try dataset.batches(size: 9, seed: 8) {
            let fmri = try #require(batch.fmri)
            let trs: [Int] = batch.rows.indices.map { Int(fmri[$0, 0]) }
            #expect(trs == batch.rows)
        }
    }

    @Test func `the first shuffle is Fisher and Yates by xoshiro256++`() throws {
        let dataset = try Dataset(
            Self.inputs(audio: 10, fmri: 10), repetitionTime: .standard, split: .compat, standardizesVoxels: false)
        var generator = Xoshiro256(seed: 11)
        var rows = Array(0..<8)
        for index in [7, 6, 5, 4, 3, 2, 1] {
            rows.swapAt(index, Int((Double(generator.next() >> 11) * 0x1p-53 * Double(index + 1)).rounded(.down)))
        }
        #expect(try dataset.batches(size: 8, seed: 11).order == [rows])
    }

    @Test func `requests without meaning are refused`() throws {
        let dataset = try Dataset(Self.inputs(), repetitionTime: .standard, split: .compat)
        #expect(throws: FeatureError.self) { try dataset.batches(size: 0, seed: 1) }
        #expect(throws: FeatureError.self) { try dataset.batches(size: 1, seed: 1, epoch: -1) }
        #expect(throws: FeatureError.self) { try dataset.batches(size: 81, seed: 1, dropsShortLast: true) }
        #expect(throws: FeatureError.self) { try DatasetSplit(trainingPercent: 100, guardTRCount: 0) }
        #expect(throws: FeatureError.self) { try DatasetSplit(trainingPercent: 80, guardTRCount: -1) }
    }

    /// Inputs that no data set can be made of.
    enum Fault: String, CaseIterable {
        case noTRs, ambiguousAudio, predictedAudio, fmriVector, fmriNaN, videoInfinity, foreignTR
    }

    @Test("Inputs that do not fit are refused", arguments: Fault.allCases)
    func faults(fault: Fault) throws {
        var inputs = Self.inputs(video: 100)
        switch fault {
        case .noTRs: inputs.fmri = Self.fmri(0)
        case .ambiguousAudio: inputs.audio = Fixture.array(Tensor(repeating: Float(0), shape: [100, 8, 112]))
        case .predictedAudio:
            inputs.audio = Fixture.array(
                Tensor(Fixture.codes([100, 8, 112]).elements.map { Float($0) }, shape: [100, 8, 112]))
        case .fmriVector: inputs.fmri = Tensor(repeating: 1, shape: [100])
        case .fmriNaN: inputs.fmri?.withMutableElements { $0[7] = .nan }
        case .videoInfinity: inputs.video?.withMutableElements { $0[7] = .infinity }
        case .foreignTR:
            let codes = Fixture.codes([100, 8, 150])
            inputs.audio = Fixture.array(codes)
            inputs.manifest = Fixture.manifest(
                Fixture.recipe { $0.repetitionTime = RepetitionTime(2, over: 1) ?? .standard }, codes, framesPerTR: 150)
        }
        let faulty = inputs
        #expect(throws: FeatureError.self) {
            try Dataset(faulty, repetitionTime: .standard, split: .compat)
        }
    }

    @Test func `inputs are read from files, doubles rounded`() throws {
        let folder = try TemporaryFolder()
        try NpyFile.write(Fixture.codes([100, 8, 113]), to: folder.path("a.npy"))
        try NpyFile.write(
            Tensor((0..<200).map { Double($0) / 3 }, shape: [100, 2]), to: folder.path("f.npy"))
        let inputs = try Dataset.Inputs.read(audio: folder.path("a.npy"), fmri: folder.path("f.npy"))
        #expect(inputs.fmri?[50, 1] == Float(101.0 / 3))
        #expect(inputs.manifest == nil)
        #expect(throws: FeatureError.self) {
            try Dataset.Inputs.read(audio: folder.path("none.npy"), fmri: folder.path("f.npy"))
        }
    }
}
