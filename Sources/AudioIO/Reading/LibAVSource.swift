internal import CLibAV

/// The first audio stream of any container that libav knows, with its time stamps honoured.
///
/// Time zero is where the container's earliest stream starts, never before 0. Encoder delay and edit lists are cut by
/// libav; see `PresentationTimeline` for gaps and overlaps. The decoder is flushed at the end. A packet that libav
/// calls corrupt, an undecodable packet and an end before the declared one are errors.
final class LibAVSource: FrameSource {
    let info: AudioFileInfo
    let layout: SpeakerLayout
    private let path: String
    private let packets: LibAVPackets
    private let originTicks: Int64
    private let timeBase: AVRational
    private var timeline: PresentationTimeline
    /// Silent frames still to deliver before the current block.
    private var silentFrameCount = 0
    /// The part of the decoder's current block that is still to deliver.
    private var pending = 0..<0

    init(path: String) throws(AudioFileError) {
        let packets = try LibAVPackets(path: path)
        guard try packets.nextFrame(readSeconds: 0) else {
            throw .damaged(
                path: path, readSeconds: 0, fault: LibAVFault.found("the audio stream has no samples", "decode it"))
        }
        self.packets = packets
        self.path = path
        let frame = packets.frame
        let rate = Int(frame.pointee.sample_rate)
        timeBase = packets.timeBase
        originTicks = packets.originTicks
        layout = Self.layout(of: frame)
        let tick = av_rescale_q_rnd(1, timeBase, AVRational(num: 1, den: Int32(rate)), AV_ROUND_UP)
        timeline = PresentationTimeline(sampleRate: rate, tickFrameCount: Int(tick))
        let offset = Self.position(of: frame, timeBase, originTicks, rate)
        info = AudioFileInfo(
            backend: .libav, container: packets.containerName, encoding: packets.codecName, sampleRate: rate,
            channelCount: Int(frame.pointee.ch_layout.nb_channels),
            declaredFrameCount: packets.declaredFrameCount(rate: rate),
            startOffsetFrameCount: max(0, (offset ?? 0) > Int(tick) || tick <= 1 ? offset ?? 0 : 0))
        try placeFrame()
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioFileError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        let (capacity, channels) = (buffer.count / info.channelCount, info.channelCount)
        var written = 0
        while written < capacity {
            let output = base.advanced(by: written * channels)
            if silentFrameCount > 0 {
                let count = min(silentFrameCount, capacity - written)
                output.update(repeating: 0, count: count * channels)
                silentFrameCount -= count
                written += count
            } else if !pending.isEmpty {
                let count = min(pending.count, capacity - written)
                guard FrameCopy.interleave(packets.frame, start: pending.lowerBound, count: count, into: output) else {
                    throw .unsupported(path: path, reason: "its sample format is unknown here; convert it to FLAC")
                }
                pending = (pending.lowerBound + count)..<pending.upperBound
                written += count
            } else if try !advance() {
                break
            }
        }
        return written
    }

    /// Decodes and places the next block; false at the end.
    private func advance() throws(AudioFileError) -> Bool {
        let seconds = Double(timeline.endFrame) / Double(info.sampleRate)
        guard try packets.nextFrame(readSeconds: seconds) else {
            try packets.checkCompleteness(endFrame: timeline.endFrame, rate: info.sampleRate)
            return false
        }
        try placeFrame()
        return true
    }

    private func placeFrame() throws(AudioFileError) {
        let frame = packets.frame
        let count = Int(frame.pointee.nb_samples)
        guard Int(frame.pointee.sample_rate) == info.sampleRate, Self.layout(of: frame) == layout,
            Int(frame.pointee.ch_layout.nb_channels) == info.channelCount
        else {
            throw .unsupported(
                path: path, reason: "its sample rate or channels change on the way; convert it to one form with ffmpeg")
        }
        do throws(PresentationTimeline.Discontinuity) {
            let start = Self.position(of: frame, timeBase, originTicks, info.sampleRate)
            let placement = try timeline.place(start: start, frameCount: count)
            silentFrameCount = placement.silentFrameCount
            pending = placement.droppedFrameCount..<count
        } catch let jump {
            let (end, rate) = (Double(timeline.endFrame), Double(info.sampleRate))
            let text = "time stamps jump by \(Double(jump.frameCount) / rate) s"
            throw .damaged(path: path, readSeconds: end / rate, fault: LibAVFault.found(text, "place a block in time"))
        }
    }

    /// The frame number, counted from time zero, at which a block starts.
    private static func position(
        of frame: UnsafeMutablePointer<AVFrame>, _ timeBase: AVRational, _ originTicks: Int64, _ rate: Int
    ) -> Int? {
        let stamp = frame.pointee.best_effort_timestamp
        guard stamp != shim_no_timestamp else { return nil }
        return Int(av_rescale_q(stamp - originTicks, timeBase, AVRational(num: 1, den: Int32(rate))))
    }

    private static func layout(of frame: UnsafeMutablePointer<AVFrame>) -> SpeakerLayout {
        let layout = frame.pointee.ch_layout
        switch layout.order {
        case AV_CHANNEL_ORDER_NATIVE: return .positions(ChannelMixer.bits(of: layout.u.mask))
        case AV_CHANNEL_ORDER_CUSTOM:
            return .positions((0..<Int(layout.nb_channels)).map { Int(layout.u.map[$0].id.rawValue) })
        case AV_CHANNEL_ORDER_UNSPEC: return .unspecified
        // Ambisonic channels are not speakers: an empty list can never be mixed.
        default: return .positions([])
        }
    }
}
