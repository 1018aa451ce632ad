import FeaturePipeline
import NumericCore
import TestSupport
import Testing

struct BrainMaskTests {
    private func scan(_ subject: Int) throws -> NIfTIImage {
        try NIfTIImage.read(path: NIfTIGoldens.path("subject\(subject).nii.gz"))
    }

    private func golden(_ name: String) throws -> BrainMask {
        let mask = try NpyFile.read(path: NIfTIGoldens.path(name)).bool()
        return BrainMask(mask.elements, shape: mask.shape)
    }

    @Test func `masks of single subjects are NumPy's`() throws {
        for subject in 1...5 {
            let mask = try BrainMask(of: scan(subject), path: "scan")
            let expected = try golden("mask\(subject).npy")
            #expect(mask.shape == expected.shape)
            expectEqual(mask.isInside, expected.isInside, "subject \(subject)")
        }
    }

    @Test("A shared mask depends on how many subjects there are", arguments: 1...5)
    func shared(count: Int) throws {
        let masks = try (1...count).map { try BrainMask(of: scan($0), path: "scan") }
        expectEqual(try BrainMask.shared(masks).isInside, try golden("shared\(count).npy").isInside, "\(count)")
    }

    @Test func `time series have nilearn's order of voxels, and go back where they came from`() throws {
        let mask = try golden("shared5.npy")
        let image = try scan(2)
        let series = try mask.timeSeries(of: image, path: "scan")
        let expected = try NpyFile.read(path: NIfTIGoldens.path("series2.npy")).float32()
        #expect(series.shape == expected.shape)
        expectEqual(series.elements, expected.elements, "series")
        let coordinates = try NpyFile.read(path: NIfTIGoldens.path("coordinates.npy")).int32()
        expectEqual(mask.coordinates.flatMap { $0 }.map { Int32($0) }, coordinates.elements, "coordinates")
        let back = try mask.image(from: series, like: image)
        #expect(back.shape == image.shape)
        #expect(try mask.timeSeries(of: back, path: "back") == series)
        #expect(back.voxels.filter { $0 != 0 }.count == series.elements.filter { $0 != 0 }.count)
    }

    @Test func `standardised series use the training rows only`() throws {
        let goldens = try NIfTIGoldens.load()
        let series = try NpyFile.read(path: NIfTIGoldens.path("series2.npy")).float32()
        let expected = try NpyFile.read(path: NIfTIGoldens.path("standardized2.npy")).float64()
        let statistics = VoxelStandardization(series, rows: 0..<goldens.masks.trainingRows)
        let bound = try #require(goldens.bounds["standardized"]).bound
        let actual = statistics.applied(to: series)
        expectClose(
            actual.elements.map { Double($0) }, expected.elements, bound: bound, relativeTo: .absolute, "z-scores")
        var changed = series
        changed.withMutableElements { $0[$0.count - 1] += 100 }
        #expect(VoxelStandardization(changed, rows: 0..<goldens.masks.trainingRows) == statistics)
        #expect(VoxelStandardization(changed, rows: 0..<series.shape[0]) != statistics)
    }

    @Test func `a voxel that does not vary is centred, not divided by zero`() {
        let series = Tensor([5, 1, 5, 3, 5, 8] as [Float], shape: [3, 2])
        let statistics = VoxelStandardization(series, rows: 0..<2)
        #expect(statistics.constantVoxels == [0])
        #expect(statistics.applied(to: series).elements == [0, -1, 0, 1, 0, 6])
    }

    @Test func `scans without variation, without time or of other shapes are refused`() throws {
        let flat = NIfTIImage(voxels: [Float](repeating: 2, count: 24), shape: [2, 2, 2, 3])
        let single = NIfTIImage(voxels: [Float](repeating: 2, count: 8), shape: [2, 2, 2])
        #expect(throws: FeatureError.self) { try BrainMask(of: flat, path: "flat") }
        #expect(throws: FeatureError.self) { try BrainMask(of: single, path: "single") }
        #expect(throws: FeatureError.self) { try BrainMask.shared([]) }
        let small = BrainMask([true], shape: [1, 1, 1])
        let mask = try golden("mask1.npy")
        #expect(throws: FeatureError.self) { try BrainMask.shared([mask, small]) }
        #expect(throws: FeatureError.self) { try mask.timeSeries(of: flat, path: "flat") }
        #expect(throws: FeatureError.self) {
            try mask.image(from: Tensor([1], shape: [1, 1]), like: flat)
        }
    }

    @Test func `a value that is not finite is refused with its volume and voxel`() throws {
        var voxels = (0..<24).map { Float($0 * $0 % 7) }
        voxels[8 + 5] = .nan  // volume 1, x 1, y 0, z 1
        let image = NIfTIImage(voxels: voxels, shape: [2, 2, 2, 3])
        let mask = BrainMask([Bool](repeating: true, count: 8), shape: [2, 2, 2])
        let error = try #require(throws: FeatureError.self) { try mask.timeSeries(of: image, path: "scan.nii") }
        #expect("\(error)".contains("nan in volume 1 at voxel [1, 0, 1]"), "\(error)")
    }
}
