internal import CSndFile

/// How samples are stored in a file.
public enum AudioEncoding: String, CaseIterable, Sendable {
    /// 32-bit floats: exactly the samples that are written, beyond 1 too. WAV only.
    case float32
    /// 16-bit integers.
    case pcm16
    /// 24-bit integers.
    case pcm24
}

extension AudioEncoding {
    /// Bits of an integer sample; nil for floats.
    var integerBits: Int? {
        switch self {
        case .float32: nil
        case .pcm16: 16
        case .pcm24: 24
        }
    }

    /// libsndfile's format number for a file with this extension, which is the only place that names decide anything.
    func format(forPath path: String) throws(AudioFileError) -> Int32 {
        let name = path.split(separator: "/").last ?? ""
        let type = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last?.lowercased() ?? ""
        let subtype =
            switch self {
            case .float32: SF_FORMAT_FLOAT
            case .pcm16: SF_FORMAT_PCM_16
            case .pcm24: SF_FORMAT_PCM_24
            }
        switch (type, self) {
        // RF64 is written as plain WAV unless the data outgrow the 4 GB of a WAV header; see `SndFileWriter`.
        case ("wav", _): return Int32(SF_FORMAT_RF64 | subtype)
        case ("flac", .pcm16), ("flac", .pcm24): return Int32(SF_FORMAT_FLAC | subtype)
        case ("flac", .float32):
            throw .invalidRequest(path: path, reason: "FLAC cannot hold float32 samples; choose pcm24 or a .wav file")
        default:
            throw .invalidRequest(path: path, reason: "unknown extension \"\(type)\"; name the file .wav or .flac")
        }
    }
}
