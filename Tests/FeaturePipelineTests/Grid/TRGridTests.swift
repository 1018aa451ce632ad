import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Testing

struct TRGridTests {
    private func grid(_ mode: TRGrid.Mode, _ tr: String = "1.5") throws -> TRGrid {
        let time = try #require(RepetitionTime(tr))
        return TRGrid(mode, try FrameClock(repetitionTime: time, sampleRate: 24_000, hopLength: 320))
    }

    /// Codes that say where they come from: frame + 1000 x codebook, so that any shift or swap shows.
    private func labelled(_ codebookCount: Int, _ frameCount: Int) -> Tensor<Int32> {
        let elements = (0..<codebookCount).flatMap { book in (0..<frameCount).map { Int32(book * 1_000_000 + $0) } }
        return Tensor(elements, shape: [codebookCount, frameCount])
    }

    @Test("Cutting equals the design's loop in NumPy, frame for frame", arguments: ["3", "6"])
    func goldenCuts(bandwidth: String) throws {
        let codes = try PipelineGoldens.codes("codes_" + bandwidth)
        let seed = try grid(.seed112).split(codes, trCount: 6)
        #expect(seed.codes == (try PipelineGoldens.codes("seed112_" + bandwidth)))
        #expect(seed.frameCounts == [Int](repeating: 112, count: 6))
        let exact = try grid(.exact).split(codes, trCount: 6)
        #expect(exact.codes == (try PipelineGoldens.codes("exact_" + bandwidth)))
        #expect(exact.frameCounts.map { Int32($0) } == (try PipelineGoldens.codes("n_frames").elements))
        #expect(FlatCodes.flatten(seed.codes) == (try PipelineGoldens.codes("flat_" + bandwidth)))
        let padded = try PipelineGoldens.codes("padded_" + bandwidth)
        #expect(FlatCodes.flatten(seed.codes, paddedTo: padded.shape[1] / 112) == padded)
    }

    @Test(
        "Cutting and joining on the exact grid gives every frame back in its place",
        arguments: ["1.5", "1", "2", "2.6", "0.8", "0.7", "0.05"], [0, 1, 2, 7, 40])
    func exactIsIdentity(tr: String, trCount: Int) throws {
        let grid = try grid(.exact, tr)
        let total = grid.clock.start(of: trCount)
        let codes = labelled(3, total)
        let split = grid.split(codes, trCount: trCount)
        #expect(split.codes.shape == [trCount, 3, grid.framesPerTR])
        #expect(try grid.join(split.codes, frameCounts: split.frameCounts) == codes)
        #expect(try grid.join(split.codes) == codes, "the grid alone knows the counts")
        #expect(split.frameCounts.reduce(0, +) == total)
    }

    @Test("The exact grid's last column repeats the last frame of a TR of 112")
    func repeatedColumn() throws {
        let split = try grid(.exact).split(labelled(1, 225), trCount: 2)
        #expect(split.codes.elements[111] == 111 && split.codes.elements[112] == 111)
        #expect(split.codes.elements[113] == 112 && split.codes.elements[225] == 224)
    }

    @Test("The seed's grid loses the 113th frame of every odd TR: 460 frames, 6.13 s, in 920 TRs")
    func seedDrifts() throws {
        let grid = try grid(.seed112)
        let codes = labelled(1, 103_500)
        let joined = try grid.join(grid.split(codes, trCount: 920).codes)
        #expect(joined.count == 103_040)
        let lost = Set(codes.elements).subtracting(joined.elements).sorted()
        #expect(lost.count == 460)
        #expect(lost.prefix(3) == [224, 449, 674])
        // What is heard at the end is late by all that was lost before it, but for the last TR's own frame.
        #expect(Int(joined.elements[103_039]) - 103_039 == 459)
    }

    @Test("A TR that the signal does not fill is padded: with its last frame, or with 0")
    func shortEnd() throws {
        let codes = labelled(1, 150)
        let exact = try grid(.exact).split(codes, trCount: 3)
        #expect(exact.frameCounts == [112, 38, 0])
        #expect(exact.codes.elements[113 + 37..<226].allSatisfy { $0 == 149 })
        #expect(try grid(.exact).join(exact.codes, frameCounts: exact.frameCounts) == codes)
        let seed = try grid(.seed112).split(codes, trCount: 3)
        #expect(seed.codes.elements[112 + 37] == 149 && seed.codes.elements[(112 + 38)...].allSatisfy { $0 == 0 })
    }

    @Test("Counts of every grid equal those of exact fractions")
    func counts() throws {
        let rows = try #require(PipelineGoldens.manifest("counts")["rows"] as? [[String: Any]])
        #expect(rows.count == 42)
        for row in rows {
            let tr = try #require(row["tr"] as? String)
            let count = try #require(row["trs"] as? Int)
            let (exact, seed) = try (grid(.exact, tr), grid(.seed112, tr))
            func expect(_ key: String, _ found: Int) {
                #expect(row[key] as? Int == found, "\(key) of \(count) x \(tr) s")
            }
            expect("code_width_exact", exact.framesPerTR)
            expect("code_width_seed", seed.framesPerTR)
            expect("code_frames", exact.joinedFrameCount(trCount: count))
            expect("code_frames_seed", seed.joinedFrameCount(trCount: count))
            let mel = try FrameClock(
                repetitionTime: exact.clock.repetitionTime, sampleRate: 22_050, hopLength: 512)
            expect("mel_frames", mel.start(of: count))
            expect("mel_width", mel.mostFrameCount)
            expect("mel_samples", mel.sampleCount(ofTRs: count))
        }
    }

    @Test("Joining refuses another width, and counts that do not fit")
    func refusals() throws {
        let grid = try grid(.exact)
        let codes = Tensor<Int32>(repeating: 0, shape: [2, 8, 112])
        #expect(throws: FeatureError.self) { try grid.join(codes) }
        let right = Tensor<Int32>(repeating: 0, shape: [2, 8, 113])
        for counts in [[112], [112, 114], [-1, 113]] {
            #expect(throws: FeatureError.self) { try grid.join(right, frameCounts: counts) }
        }
        let short = try #require(RepetitionTime("0.01"))
        #expect(throws: FeatureError.self) {
            try FrameClock(repetitionTime: short, sampleRate: 24_000, hopLength: 320)
        }
    }
}

struct FlatCodesTests {
    @Test("Zero-padded codebooks are recognised and cut off", arguments: ["3", "6"])
    func padded(bandwidth: String) throws {
        let seed = try PipelineGoldens.codes("seed112_" + bandwidth)
        let padded = try PipelineGoldens.codes("padded_" + bandwidth)
        let found = try FlatCodes.unflatten(padded, framesPerTR: 112, candidates: [2, 4, 8])
        #expect(found.codes == seed && found.zeroPaddedCodebookCount == seed.shape[1])
        let stated = try FlatCodes.unflatten(padded, framesPerTR: 112, codebookCount: seed.shape[1])
        #expect(stated == found)
        let flat = try FlatCodes.unflatten(
            PipelineGoldens.codes("flat_" + bandwidth), framesPerTR: 112, candidates: [2, 4, 8])
        #expect(flat.codes == seed && flat.zeroPaddedCodebookCount == 0)
    }

    @Test("A codebook that is 0 for other reasons stays, when the codec has no such count")
    func keepsPossibleCounts() throws {
        // Codebooks 0 and 1 in use, 2 and 3 zero: with 3 or 4 codebooks in the codec, 3 are kept.
        let flat = Tensor<Int32>([1, 2, 3, 4, 0, 0, 0, 0], shape: [1, 8])
        let found = try FlatCodes.unflatten(flat, framesPerTR: 2, candidates: [4, 3])
        #expect(found.codes.elements == [1, 2, 3, 4, 0, 0] && found.zeroPaddedCodebookCount == 1)
        #expect(try FlatCodes.unflatten(flat, framesPerTR: 2).codes.shape == [1, 2, 2])
        #expect(throws: FeatureError.self) { try FlatCodes.unflatten(flat, framesPerTR: 2, codebookCount: 1) }
        #expect(throws: FeatureError.self) { try FlatCodes.unflatten(flat, framesPerTR: 3) }
        let none = try FlatCodes.unflatten(Tensor([], shape: [0, 8]), framesPerTR: 2, candidates: [2])
        #expect(none.codes.shape == [0, 4, 2])
    }
}
