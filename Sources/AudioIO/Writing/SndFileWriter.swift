internal import CSndFile

/// One libsndfile handle that writes into a pending file.
///
/// It holds the pending file, so that the calls of `SndFileStream` have something to write to as long as they can come.
struct SndFileWriter: ~Copyable {
    private let raw: OpaquePointer
    /// libsndfile's reference to the file, released after the handle is closed.
    private let sink: Unmanaged<PendingFile>

    init(format: Int32, sampleRate: Int32, channelCount: Int32, into sink: PendingFile, path: String)
        throws(AudioFileError)
    {
        var info = SF_INFO()
        (info.format, info.samplerate, info.channels) = (format, sampleRate, channelCount)
        guard sf_format_check(&info) != 0 else {
            throw .invalidRequest(
                path: path, reason: "cannot hold \(channelCount) channels at \(sampleRate) Hz; choose .wav or fewer")
        }
        var calls = SndFileStream.calls
        let retained = Unmanaged.passRetained(sink)
        guard
            let raw = sf_open_virtual(&calls, Int32(SFM_WRITE), &info, Unmanaged.passUnretained(sink.stream).toOpaque())
        else {
            retained.release()
            throw .unwritable(
                path: path,
                fault: LibraryFault(
                    library: .libsndfile, code: Int(sf_error(nil)), text: String(cString: sf_strerror(nil)),
                    attempted: "write a header"))
        }
        // Below 4 GB the file becomes a plain WAV when it is closed; above, it stays RF64.
        sf_command(raw, Int32(SFC_RF64_AUTO_DOWNGRADE), nil, 1)
        self.raw = raw
        self.sink = retained
    }

    deinit {
        sf_close(raw)
        sink.release()
    }

    /// Completes the headers.
    consuming func finish(path: String) throws(AudioFileError) {
        let (raw, file) = (raw, sink.takeRetainedValue())
        discard self
        let status = sf_close(raw)
        try file.checkWrites()
        guard status == 0 else {
            let text = String(cString: sf_error_number(status))
            throw .unwritable(
                path: path,
                fault: LibraryFault(library: .libsndfile, code: Int(status), text: text, attempted: "complete the file")
            )
        }
    }

    /// Writes float frames as they are.
    borrowing func write(_ samples: UnsafeBufferPointer<Float>, path: String) throws(AudioFileError) {
        let count = Int(sf_write_float(raw, samples.baseAddress, sf_count_t(samples.count)))
        try check(count, of: samples.count, path)
    }

    /// Writes integers whose upper bits are the samples.
    borrowing func write(_ samples: UnsafeBufferPointer<Int32>, path: String) throws(AudioFileError) {
        let count = Int(sf_write_int(raw, samples.baseAddress, sf_count_t(samples.count)))
        try check(count, of: samples.count, path)
    }

    private borrowing func check(_ written: Int, of count: Int, _ path: String) throws(AudioFileError) {
        try sink.takeUnretainedValue().checkWrites()
        guard written == count, sf_error(raw) == 0 else {
            let text = String(cString: sf_strerror(raw))
            throw .unwritable(
                path: path,
                fault: LibraryFault(
                    library: .libsndfile, code: Int(sf_error(raw)), text: text, attempted: "write samples"))
        }
    }
}
