import NumericCore
import SignalProcessing
import TestSupport
import Testing

/// Six minutes have 15,600 frames: 128 MB of features or magnitudes, 256 MB of spectra; a film has four times as many.
struct BoundedMemoryTests {
    @Test func `features of twelve minutes are streamed within 32 MB`() async {
        await #expect(processExitsWith: .success) {
            let start = try ProcessMemory.peakByteCount
            var stream = MelSpectrogram(.legacy).makeStream()
            let second = testSignal(count: 22_050)
            var (frameCount, largest) = (0, Float(0))
            let take: (Span<Float>) -> Void = { row in
                frameCount += 1
                largest = max(largest, row[1000])
            }
            for _ in 0..<720 { try stream.append(second, take) }
            try stream.finish(take)
            #expect(frameCount == 1 + 720 * 22_050 / 512)
            #expect(largest > 0)
            #expect(try ProcessMemory.peakByteCount - start < 32 << 20)
        }
    }

    /// One iteration runs as a stage of its own, sixteen run in lanes.
    @Test(arguments: [1, 16])
    func `Griffin-Lim of six minutes runs within 32 MB, with NumPy's phases too`(iterationCount: Int) async {
        await #expect(processExitsWith: .success) { [iterationCount] in
            let start = try ProcessMemory.peakByteCount
            let frameCount = 15_600
            let stream = try GriffinLim(.legacy, iterationCount: iterationCount)
                .makeStream(frameCount: frameCount, phases: .numpy(seed: 0))
            let rows = Tensor(testSignal(count: 65 * 2049).map { $0.magnitude }, shape: [65, 2049])
            var (sampleCount, energy) = (0, 0.0)
            for _ in 0..<frameCount / 65 {
                try stream.append(rows) { samples in
                    sampleCount += samples.count
                    energy += Double(samples[0] * samples[0])
                }
            }
            #expect(sampleCount == (frameCount - 1) * 512)
            #expect(energy > 0)
            #expect(try ProcessMemory.peakByteCount - start < 32 << 20)
        }
    }
}
