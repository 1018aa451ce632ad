internal import CSndFile

/// WAV, FLAC, OGG, MP3 and their like, read through libsndfile.
///
/// Integers become floats by division by 2^(bits - 1), so 8 to 24 bits are exact.
final class SndFileSource: FrameSource {
    /// libsndfile's number for contents it does not know at all.
    static let unrecognisedCode = Int(SF_ERR_UNRECOGNISED_FORMAT)

    private static let unrecognised = LibraryFault(
        library: .libsndfile, code: unrecognisedCode, text: "not a format this program reads",
        attempted: "open the file")

    let info: AudioFileInfo
    let layout: SpeakerLayout
    private let path: String
    private let handle: SndFileHandle
    private let lengthTolerance: Int
    private var readFrameCount = 0

    init(path: String, file: consuming FileDescriptor) throws(AudioFileError) {
        let handle = try SndFileHandle(reading: file, path: path)
        let format = handle.info
        guard handle.isJudgedByContents, format.channels > 0, format.samplerate > 0 else {
            throw .notAudio(path: path, fault: Self.unrecognised)
        }
        self.path = path
        let isMPEG = handle.isMPEG
        // Without an index libsndfile estimates the length and never reads beyond it: libav has to read such files.
        if isMPEG, try !MPEGIndex.isPresent(handle.stream.file, path: path) {
            throw .notAudio(path: path, fault: Self.unrecognised)
        }
        // Some encoders count the index frame itself; a missing last frame cannot be told from that.
        lengthTolerance = !isMPEG ? 0 : format.samplerate >= 32000 ? 1152 : 576
        layout = handle.speakers()
        info = AudioFileInfo(
            backend: .libsndfile, container: handle.name(of: Int(format.format) & Int(SF_FORMAT_TYPEMASK)),
            encoding: handle.name(of: Int(format.format) & Int(SF_FORMAT_SUBMASK)),
            sampleRate: Int(format.samplerate), channelCount: Int(format.channels),
            declaredFrameCount: (0..<Int64.max).contains(format.frames) ? Int(format.frames) : nil,
            startOffsetFrameCount: 0)
        self.handle = handle
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioFileError) -> Int {
        let capacity = buffer.count / info.channelCount
        let count = Int(sf_readf_float(handle.raw, buffer.baseAddress, sf_count_t(capacity)))
        readFrameCount += max(0, count)
        let seconds = Double(readFrameCount) / Double(info.sampleRate)
        if let fault = handle.stream.failure { throw .unreadable(path: path, fault: fault) }
        if sf_error(handle.raw) != 0 || count < 0 {
            throw .damaged(path: path, readSeconds: seconds, fault: handle.fault("read samples"))
        }
        if count == 0, let declared = info.declaredFrameCount, readFrameCount + lengthTolerance < declared {
            throw .truncated(
                path: path, readSeconds: seconds, declaredSeconds: Double(declared) / Double(info.sampleRate))
        }
        return count
    }
}

/// One libsndfile handle and the file below it.
struct SndFileHandle: ~Copyable {
    let raw: OpaquePointer
    let stream: SndFileStream
    let info: SF_INFO

    /// Opens a file for reading; without a name, so that only the contents decide the format.
    init(reading file: consuming FileDescriptor, path: String) throws(AudioFileError) {
        let stream = SndFileStream(file)
        var (info, calls) = (SF_INFO(), SndFileStream.calls)
        // The stream outlives the handle: this struct holds both and closes the handle first.
        let user = Unmanaged.passUnretained(stream).toOpaque()
        guard let raw = sf_open_virtual(&calls, Int32(SFM_READ), &info, user) else {
            throw .notAudio(path: path, fault: SndFileHandle.openFault())
        }
        self.raw = raw
        self.stream = stream
        self.info = info
    }

    deinit { sf_close(raw) }

    /// The library's last complaint about this file.
    borrowing func fault(_ attempted: String) -> LibraryFault {
        LibraryFault(
            library: .libsndfile, code: Int(sf_error(raw)), text: String(cString: sf_strerror(raw)),
            attempted: attempted)
    }

    /// The library's name of a container or a sample coding.
    borrowing func name(of format: Int) -> String {
        var description = SF_FORMAT_INFO(format: Int32(format), name: nil, extension: nil)
        let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
        guard sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &description, size) == 0, let name = description.name else {
            return "format \(format)"
        }
        return String(cString: name)
    }

    /// The speaker of each channel, as the file or its format says.
    borrowing func speakers() -> SpeakerLayout {
        var map = [Int32](repeating: 0, count: Int(info.channels))
        let size = Int32(MemoryLayout<Int32>.size * map.count)
        guard sf_command(raw, Int32(SFC_GET_CHANNEL_MAP_INFO), &map, size) != 0 else {
            let container = Int(info.format) & Int(SF_FORMAT_TYPEMASK)
            let order = SndFileSpeakers.prescribed(format: container, channelCount: map.count)
            return order.map { .positions($0) } ?? .unspecified
        }
        // Channels without a place in libav's numbering (Ambisonics) cannot be mixed, which an empty list says.
        let positions = map.compactMap { SndFileSpeakers.position(of: Int($0)) }
        return .positions(positions.count == map.count ? positions : [])
    }

    private static func openFault() -> LibraryFault {
        LibraryFault(
            library: .libsndfile, code: Int(sf_error(nil)), text: String(cString: sf_strerror(nil)),
            attempted: "open the file")
    }

    /// MPEG audio, bare or inside another container.
    var isMPEG: Bool {
        let layers = [SF_FORMAT_MPEG_LAYER_I, SF_FORMAT_MPEG_LAYER_II, SF_FORMAT_MPEG_LAYER_III]
        return layers.contains { Int($0) == Int(info.format) & Int(SF_FORMAT_SUBMASK) }
    }

    /// Formats that begin with a signature of their own; libsndfile's guesses for others are not trusted.
    var isJudgedByContents: Bool {
        let known = [
            SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_W64, SF_FORMAT_AIFF, SF_FORMAT_AU, SF_FORMAT_CAF,
            SF_FORMAT_FLAC, SF_FORMAT_OGG, SF_FORMAT_MPEG,
        ]
        return known.contains { Int($0) == Int(info.format) & Int(SF_FORMAT_TYPEMASK) }
    }
}
