internal import CLibAV

/// One decoder with the packet and the frame it works on.
struct LibAVDecoder: ~Copyable {
    let codec: UnsafeMutablePointer<AVCodecContext>
    let packet: UnsafeMutablePointer<AVPacket>
    let frame: UnsafeMutablePointer<AVFrame>

    init(for stream: UnsafeMutablePointer<AVStream>, path: String) throws(AudioFileError) {
        let parameters = stream.pointee.codecpar
        let name = parameters.map { String(cString: avcodec_get_name($0.pointee.codec_id)) } ?? "unknown"
        guard let parameters, let decoder = avcodec_find_decoder(parameters.pointee.codec_id) else {
            throw .unsupported(path: path, reason: "its \(name) audio has no decoder here; convert it to FLAC or AAC")
        }
        let parts = try DecoderParts(decoder, path: path)
        var status = avcodec_parameters_to_context(parts.codec, parameters)
        // Needed so that samples trimmed at the start and end move the time stamps too.
        parts.codec.pointee.pkt_timebase = stream.pointee.time_base
        if status >= 0 { status = avcodec_open2(parts.codec, decoder, nil) }
        guard status >= 0 else {
            throw .damaged(path: path, readSeconds: 0, fault: LibAVFault.with(status, "start the \(name) decoder"))
        }
        (codec, packet, frame) = parts.release()
    }

    deinit { DecoderParts.free(codec, packet, frame) }

    /// The codec's name.
    var name: String { String(cString: avcodec_get_name(codec.pointee.codec_id)) }
}

/// The three allocations of a decoder, so that a failure half-way frees what is there.
private struct DecoderParts: ~Copyable {
    let codec: UnsafeMutablePointer<AVCodecContext>
    let packet: UnsafeMutablePointer<AVPacket>
    let frame: UnsafeMutablePointer<AVFrame>

    init(_ decoder: UnsafePointer<AVCodec>, path: String) throws(AudioFileError) {
        let (codec, packet, frame) = (avcodec_alloc_context3(decoder), av_packet_alloc(), av_frame_alloc())
        guard let codec, let packet, let frame else {
            Self.free(codec, packet, frame)
            throw .unreadable(path: path, fault: SystemFault.with(code: 12, "allocate a decoder"))
        }
        (self.codec, self.packet, self.frame) = (codec, packet, frame)
    }

    deinit { Self.free(codec, packet, frame) }

    /// Hands the parts to a new owner.
    consuming func release() -> (
        UnsafeMutablePointer<AVCodecContext>, UnsafeMutablePointer<AVPacket>, UnsafeMutablePointer<AVFrame>
    ) {
        let parts = (codec, packet, frame)
        discard self
        return parts
    }

    static func free(
        _ codec: UnsafeMutablePointer<AVCodecContext>?, _ packet: UnsafeMutablePointer<AVPacket>?,
        _ frame: UnsafeMutablePointer<AVFrame>?
    ) {
        var (codec, packet, frame) = (codec, packet, frame)
        avcodec_free_context(&codec)
        av_packet_free(&packet)
        av_frame_free(&frame)
    }
}
