internal import CLibAV

/// Moves packets from a container into a decoder and hands out decoded blocks.
final class LibAVPackets {
    private let path: String
    private let container: LibAVContainer
    private let decoder: LibAVDecoder
    private var isFlushing = false
    /// The latest end of any packet of any stream, in microseconds; kept only where the audio stream declares no end.
    private var lastPacketEnd: Int64 = 0

    init(path: String) throws(AudioFileError) {
        let container = try LibAVContainer(path: path)
        decoder = try LibAVDecoder(for: container.stream, path: path)
        // Skipping the pictures saves reading them; without an end of its own the audio needs them as witnesses.
        if container.declaredEndTicks != nil { container.discardOtherStreams() }
        self.path = path
        self.container = container
    }

    /// The current block; valid until the next call of `nextFrame`.
    var frame: UnsafeMutablePointer<AVFrame> { decoder.frame }
    var timeBase: AVRational { container.stream.pointee.time_base }
    var originTicks: Int64 { container.originTicks }
    var containerName: String { container.name }
    var codecName: String { decoder.name }

    /// Frames the stream declares, at `rate`.
    func declaredFrameCount(rate: Int) -> Int? {
        guard let end = container.declaredEndTicks else { return nil }
        let start = container.stream.pointee.start_time
        let ticks = end - (start == shim_no_timestamp ? 0 : start)
        return Int(av_rescale_q(ticks, timeBase, AVRational(num: 1, den: Int32(rate))))
    }

    /// Decodes the next block into `frame`; false when the stream has ended and the decoder is empty.
    func nextFrame(readSeconds: Double) throws(AudioFileError) -> Bool {
        while true {
            let status = avcodec_receive_frame(decoder.codec, decoder.frame)
            switch status {
            case 0...:
                guard decoder.frame.pointee.flags & Int32(AV_FRAME_FLAG_CORRUPT) == 0 else {
                    throw damaged(readSeconds, LibAVFault.found("the decoder calls the block corrupt", "decode audio"))
                }
                if decoder.frame.pointee.nb_samples > 0 { return true }
            case shim_error_end_of_file: return false
            case shim_error_try_again where !isFlushing: try feed(readSeconds)
            default: throw damaged(readSeconds, LibAVFault.with(status, "decode audio"))
            }
        }
    }

    /// Gives the decoder the next packet of the stream, or tells it that there are no more.
    private func feed(_ readSeconds: Double) throws(AudioFileError) {
        while true {
            let status = av_read_frame(container.context, decoder.packet)
            if status == shim_error_end_of_file {
                try checkInputError(readSeconds)
                isFlushing = true
                return try send(nil, readSeconds)
            }
            guard status >= 0 else { throw damaged(readSeconds, LibAVFault.with(status, "read a packet")) }
            defer { av_packet_unref(decoder.packet) }
            noteEnd()
            // An empty packet carries no sound, and sending one would end the stream.
            if decoder.packet.pointee.stream_index == container.stream.pointee.index, decoder.packet.pointee.size > 0 {
                guard decoder.packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0 else {
                    throw damaged(
                        readSeconds, LibAVFault.found("the container calls the packet corrupt", "read a packet"))
                }
                return try send(decoder.packet, readSeconds)
            }
        }
    }

    private func send(_ packet: UnsafeMutablePointer<AVPacket>?, _ readSeconds: Double) throws(AudioFileError) {
        let status = avcodec_send_packet(decoder.codec, packet)
        guard status >= 0 else { throw damaged(readSeconds, LibAVFault.with(status, "decode a packet")) }
    }

    /// An end of file that is a read error in disguise.
    private func checkInputError(_ readSeconds: Double) throws(AudioFileError) {
        guard let input = container.context.pointee.pb, input.pointee.error < 0,
            input.pointee.error != shim_error_end_of_file
        else { return }
        throw damaged(readSeconds, LibAVFault.with(input.pointee.error, "read the file"))
    }

    private func noteEnd() {
        let packet = decoder.packet.pointee
        guard packet.pts != shim_no_timestamp, let stream = container.context.pointee.streams[Int(packet.stream_index)]
        else { return }
        let microseconds = AVRational(num: 1, den: AV_TIME_BASE)
        let end = av_rescale_q(packet.pts + max(0, packet.duration), stream.pointee.time_base, microseconds)
        lastPacketEnd = max(lastPacketEnd, end)
    }

    /// Compares where the sound ended with what was declared.
    ///
    /// The stream's own end may be missed by 0.1 s (edit lists, last packets cut by encoders); where only the
    /// container declares an end, some packet of some stream must come within 1 s of it (the length of the last
    /// picture is often not stored).
    func checkCompleteness(endFrame: Int, rate: Int) throws(AudioFileError) {
        let (found, declared, tolerance): (Double, Double, Double)
        if let endTicks = container.declaredEndTicks {
            found = Double(endFrame) / Double(rate)
            declared = Double(endTicks - originTicks) * av_q2d(timeBase)
            tolerance = 0.1
        } else if let end = container.declaredEndMicroseconds {
            (found, declared, tolerance) = (Double(lastPacketEnd) / 1e6, Double(end) / 1e6, 1)
        } else {
            return
        }
        guard found + tolerance >= declared else {
            throw .truncated(path: path, readSeconds: Double(endFrame) / Double(rate), declaredSeconds: declared)
        }
    }

    private func damaged(_ readSeconds: Double, _ fault: LibraryFault) -> AudioFileError {
        .damaged(path: path, readSeconds: readSeconds, fault: fault)
    }
}
