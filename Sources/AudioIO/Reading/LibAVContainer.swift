internal import CLibAV

/// Faults in libav's words.
enum LibAVFault {
    /// The fault of a negative status.
    static func with(_ status: Int32, _ attempted: String) -> LibraryFault {
        var text = [CChar](repeating: 0, count: 128)
        av_strerror(status, &text, text.count)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return LibraryFault(
            library: .libav, code: Int(status), text: String(decoding: bytes, as: UTF8.self), attempted: attempted)
    }

    /// A fault that we found in what libav delivered.
    static func found(_ text: String, _ attempted: String) -> LibraryFault {
        LibraryFault(library: .libav, code: 0, text: text, attempted: attempted)
    }
}

/// One open container and its first audio stream.
struct LibAVContainer: ~Copyable {
    let context: UnsafeMutablePointer<AVFormatContext>
    let stream: UnsafeMutablePointer<AVStream>

    /// libav prints to stderr unless told otherwise; this is the only place that sets its global level.
    private static let silenced: Void = av_log_set_level(AV_LOG_QUIET)

    init(path: String) throws(AudioFileError) {
        _ = Self.silenced
        let opened = try OpenContainer(path: path)
        let status = avformat_find_stream_info(opened.context, nil)
        guard status >= 0 else {
            throw .notAudio(path: path, fault: LibAVFault.with(status, "find out what the file holds"))
        }
        stream = try opened.firstAudioStream(path: path)
        context = opened.release()
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&closing)
    }

    /// Container name as libav knows it.
    var name: String { String(cString: context.pointee.iformat.pointee.name) }

    /// Time zero of the presentation in the stream's own ticks: where the earliest stream starts, never before 0.
    var originTicks: Int64 {
        let start = context.pointee.start_time
        guard start != shim_no_timestamp, start > 0 else { return 0 }
        return av_rescale_q(start, AVRational(num: 1, den: AV_TIME_BASE), stream.pointee.time_base)
    }

    /// The stream's end in ticks when its header declares one.
    var declaredEndTicks: Int64? {
        let (start, duration) = (stream.pointee.start_time, stream.pointee.duration)
        guard duration != shim_no_timestamp, duration > 0, isDurationDeclared else { return nil }
        return duration + (start == shim_no_timestamp ? 0 : start)
    }

    /// The container's end in microseconds when its header declares one.
    var declaredEndMicroseconds: Int64? {
        let duration = context.pointee.duration
        guard duration != shim_no_timestamp, duration > 0, isDurationDeclared else { return nil }
        return duration + (context.pointee.start_time == shim_no_timestamp ? 0 : context.pointee.start_time)
    }

    /// Lengths that libav guesses from the bit rate or the last packets say nothing about truncation.
    private var isDurationDeclared: Bool {
        context.pointee.duration_estimation_method == AVFMT_DURATION_FROM_STREAM
    }

    /// Lets the demuxer skip everything but the audio stream.
    borrowing func discardOtherStreams() {
        for index in 0..<Int(context.pointee.nb_streams) {
            guard let other = context.pointee.streams[index], other != stream else { continue }
            other.pointee.discard = AVDISCARD_ALL
        }
    }
}

/// A container between opening and being found useful.
private struct OpenContainer: ~Copyable {
    let context: UnsafeMutablePointer<AVFormatContext>

    init(path: String) throws(AudioFileError) {
        var context: UnsafeMutablePointer<AVFormatContext>?
        var options: OpaquePointer?
        // Local files only: a playlist must not make us open network addresses.
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        let status = avformat_open_input(&context, "file:" + path, nil, &options)
        av_dict_free(&options)
        guard status >= 0, let context else {
            throw .notAudio(path: path, fault: LibAVFault.with(status, "open the file"))
        }
        self.context = context
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&closing)
    }

    /// Hands the context to a new owner.
    consuming func release() -> UnsafeMutablePointer<AVFormatContext> {
        let context = context
        discard self
        return context
    }

    borrowing func firstAudioStream(path: String) throws(AudioFileError) -> UnsafeMutablePointer<AVStream> {
        var kinds: [String] = []
        for index in 0..<Int(context.pointee.nb_streams) {
            guard let stream = context.pointee.streams[index] else { continue }
            let kind = stream.pointee.codecpar.pointee.codec_type
            if kind == AVMEDIA_TYPE_AUDIO { return stream }
            kinds.append(av_get_media_type_string(kind).map { String(cString: $0) } ?? "unknown data")
        }
        throw .noAudioStream(path: path, streams: kinds)
    }
}
