/// The library that reported a fault.
public enum AudioLibrary: String, Sendable {
    /// libsndfile: WAV, FLAC, OGG and MP3 files.
    case libsndfile
    /// libavformat, libavcodec, libswresample: everything else.
    case libav
    /// libsoxr: resampling.
    case libsoxr
    /// The operating system's file calls; the code is `errno`.
    case system
}

/// What a library said when it failed, kept as it said it.
public struct LibraryFault: Equatable, Sendable {
    /// Who failed.
    public let library: AudioLibrary
    /// The library's own number: `errno`, an `SF_ERR_` number, or a negative `AVERROR`.
    public let code: Int
    /// The library's own words.
    public let text: String
    /// What was attempted, as a phrase such as `open the file`.
    public let attempted: String

    /// Keeps a fault.
    ///
    /// - Parameters:
    ///   - library: Who failed.
    ///   - code: The library's own number.
    ///   - text: The library's own words.
    ///   - attempted: What was attempted, as a phrase such as `open the file`.
    public init(library: AudioLibrary, code: Int, text: String, attempted: String) {
        self.library = library
        self.code = code
        self.text = text
        self.attempted = attempted
    }
}

/// Why a recording could not be read, converted or written.
///
/// Every case carries the path it is about; `description` is one sentence with the value and the remedy.
public enum AudioFileError: Error, Equatable, Sendable {
    /// Nothing has that name.
    case noSuchFile(path: String)
    /// The name belongs to a folder, a device or a socket.
    case notARegularFile(path: String)
    /// The file has no bytes.
    case emptyFile(path: String)
    /// The system refused to open or read the file.
    case unreadable(path: String, fault: LibraryFault)
    /// No library knows the contents as audio or video.
    case notAudio(path: String, fault: LibraryFault)
    /// A container without sound; `streams` names what it does hold.
    case noAudioStream(path: String, streams: [String])
    /// Known contents in a form that is not handled.
    case unsupported(path: String, reason: String)
    /// Contents that contradict themselves after `readSeconds` of sound.
    case damaged(path: String, readSeconds: Double, fault: LibraryFault)
    /// The file ends before what its own header promises.
    case truncated(path: String, readSeconds: Double, declaredSeconds: Double)
    /// The file has fewer bytes than its own structure promises.
    case cutOff(path: String, byteCount: Int, declaredByteCount: Int)
    /// A sample that is not a number; `frame` and `channel` count from 0 at the file's own rate and channels.
    case notFinite(path: String, frame: Int, channel: Int, value: String)
    /// The caller asked for something impossible.
    case invalidRequest(path: String, reason: String)
    /// libsoxr refused a conversion.
    case resampling(fault: LibraryFault)
    /// The target could not be created, filled or renamed; what stood there before is untouched.
    case unwritable(path: String, fault: LibraryFault)
}

extension AudioFileError {
    /// Whose fault it is, which is what a command's exit status tells.
    public enum Category: Equatable, Sendable {
        /// There is no such input (exit status 66).
        case missingInput
        /// The input is not what it should be (exit status 65).
        case badInput
        /// Reading or writing failed below us (exit status 74).
        case inputOutput
        /// The request itself is impossible (exit status 64).
        case usage
    }

    /// Whose fault it is.
    public var category: Category {
        switch self {
        case .noSuchFile: .missingInput
        case .notARegularFile, .emptyFile, .notAudio, .noAudioStream, .unsupported, .damaged, .truncated, .cutOff,
            .notFinite:
            .badInput
        case .unreadable, .unwritable: .inputOutput
        case .invalidRequest, .resampling: .usage
        }
    }
}

extension AudioFileError: CustomStringConvertible {
    /// One sentence: what, which value, what to do.
    public var description: String {
        switch self {
        case .noSuchFile(let path): "\(path): no such file; check the spelling and the working directory."
        case .notARegularFile(let path): "\(path): is a folder or device, not a file; name a file."
        case .emptyFile(let path): "\(path): the file is empty (0 bytes); copy or export it again."
        case .unreadable(let path, let fault): "\(path): \(fault); check the permissions and the disk."
        case .notAudio(let path, let fault):
            "\(path): not readable as audio or video (\(fault)); give a complete WAV, FLAC, OGG, MP3, MP4, MKV or WebM file."
        case .noAudioStream(let path, let streams):
            "\(path): holds no audio stream (it holds \(Self.list(streams))); give a file that has sound."
        case .unsupported(let path, let reason): "\(path): \(reason)."
        case .damaged(let path, let seconds, let fault):
            "\(path): damaged after \(Self.format(seconds)) s of sound (\(fault)); copy or export the file again."
        case .truncated(let path, let seconds, let declared):
            "\(path): ends after \(Self.format(seconds)) s although it declares \(Self.format(declared)) s; "
                + "copy or export the file again."
        case .cutOff(let path, let count, let declared):
            "\(path): has \(count) bytes although it declares at least \(declared); copy or export the file again."
        case .notFinite(let path, let frame, let channel, let value):
            "\(path): sample \(value) at frame \(frame), channel \(channel); export the file again without it."
        case .invalidRequest(let path, let reason): "\(path): \(reason)."
        case .resampling(let fault): "\(fault); choose other rates or channels."
        case .unwritable(let path, let fault): "\(path): \(fault); check the folder, its permissions and free space."
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "nothing" : names.joined(separator: ", ")
    }

    /// Seconds with three decimals, without help from Foundation.
    private static func format(_ seconds: Double) -> String {
        guard let milliseconds = Int(exactly: (seconds * 1000).rounded()), milliseconds >= 0 else {
            return "\(seconds)"
        }
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }
}

extension LibraryFault: CustomStringConvertible {
    /// A clause such as `libsndfile could not open the file: Unspecified internal error (code 29)`.
    public var description: String { "\(library.rawValue) could not \(attempted): \(text) (code \(code))" }
}
