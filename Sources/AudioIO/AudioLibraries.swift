internal import CLibAV
internal import CSndFile
internal import CSoxr
public import NumericCore

extension SystemLibrary {
    /// The libraries that read, write and resample sound: libsndfile, FFmpeg's libav, soxr.
    public static var audio: [SystemLibrary] {
        // "libsndfile-1.2.0", "libsoxr-0.1.3"
        [
            SystemLibrary(name: "libsndfile", version: number(sf_version_string())),
            SystemLibrary(name: "libavformat", version: number(avformat_version())),
            SystemLibrary(name: "libavcodec", version: number(avcodec_version())),
            SystemLibrary(name: "libswresample", version: number(swresample_version())),
            SystemLibrary(name: "soxr", version: number(soxr_version())),
        ]
    }

    private static func number(_ text: UnsafePointer<CChar>?) -> String {
        let text = text.map { String(cString: $0) } ?? "unknown"
        return text.split(separator: "-").last.map(String.init) ?? text
    }

    /// Major, minor and micro version in one number, as libav gives it.
    private static func number(_ version: UInt32) -> String {
        "\(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)"
    }
}
