/// Buffers of one frame on its way to a spectrum, made once for many frames; one task uses them at a time.
final class SpectrumWorkspace {
    /// `fftLength` windowed samples.
    let windowed: UnsafeMutablePointer<Double>
    /// 2 x bins: real and imaginary part in turn.
    let spectrum: UnsafeMutablePointer<Double>

    init(_ layout: FrameLayout) {
        windowed = Self.allocate(layout.fftLength)
        spectrum = Self.allocate(2 * layout.binCount)
    }

    deinit {
        UnsafeMutableRawPointer(windowed).deallocate()
        UnsafeMutableRawPointer(spectrum).deallocate()
    }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Double>.stride, alignment: 64)
            .bindMemory(to: Double.self, capacity: count)
    }
}
