import EnCodec
import Testing

struct WorkTests {
    /// Rows a second, depth and columns of every matrix product of the 24 kHz encoder, written down layer by layer.
    private static let encoderProducts = [
        [24000, 7, 32], [24000, 96, 16], [24000, 16, 32], [24000, 32, 32], [12000, 128, 64],
        [12000, 192, 32], [12000, 32, 64], [12000, 64, 64], [3000, 512, 128],
        [3000, 384, 64], [3000, 64, 128], [3000, 128, 128], [600, 1280, 256],
        [600, 768, 128], [600, 128, 256], [600, 256, 256], [75, 4096, 512],
        [75, 512, 2048], [75, 512, 2048], [75, 3584, 128],
    ]

    @Test("The work of encoding is that of the layers' matrix products")
    func encodingWork() {
        let work = EncodecConfiguration().encodingWork
        let products = Self.encoderProducts.reduce(0) { $0 + 2 * $1[0] * $1[1] * $1[2] }
        #expect(work.productOperations == Double(products))
        // Two layers, 75 steps, 2048 x 512 float32 weights.
        #expect(work.recurrentBytes == Double(2 * 75 * 2048 * 512 * 4))
        #expect(work.recurrentOperations == work.recurrentBytes / 2)
    }

    @Test("The decoder mirrors the encoder: its work is the same, since it is mono in and out")
    func decodingWork() {
        let configuration = EncodecConfiguration()
        #expect(configuration.decodingWork == configuration.encodingWork)
        var stereo = configuration
        stereo.audioChannels = 2
        let extra = stereo.decodingWork.productOperations - configuration.decodingWork.productOperations
        #expect(extra == 2 * 24000 * 32 * 7)
    }

    @Test("The least time is operations over the peak and bytes over the bandwidth")
    func leastSeconds() {
        let work = EncodecConfiguration().encodingWork
        let least = work.leastSeconds(
            operationsPerSecond: work.productOperations, bytesPerSecond: work.recurrentBytes * 2)
        #expect(least == 1.5)
    }
}
