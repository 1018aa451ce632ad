internal import CFFTW

extension SystemLibrary {
    /// FFTW in single precision.
    public static var fftw: SystemLibrary {
        // "fftw-3.3.10-sse2-avx-avx2-avx2_128"
        let text = shim_fftw_version().map { String(cString: $0) } ?? "unknown"
        let parts = text.split(separator: "-")
        return SystemLibrary(name: "FFTW", version: parts.count > 1 ? String(parts[1]) : text)
    }
}
