internal import CLibAV

/// A sample as a decoder delivers it.
protocol DecodedSample {
    /// The value with full scale at 1; integers are divided by 2^(bits - 1).
    var unitFloat: Float { get }
}

extension UInt8: DecodedSample { var unitFloat: Float { (Float(self) - 128) / 128 } }
extension Int16: DecodedSample { var unitFloat: Float { Float(self) / 32768 } }
extension Int32: DecodedSample { var unitFloat: Float { Float(self) / 2_147_483_648 } }
extension Int64: DecodedSample { var unitFloat: Float { Float(self) / 9_223_372_036_854_775_808 } }
extension Float: DecodedSample { var unitFloat: Float { self } }
extension Double: DecodedSample { var unitFloat: Float { Float(self) } }

/// Copies parts of libav frames into interleaved floats, whatever their sample format.
enum FrameCopy {
    /// Copies frames `start ..< start + count` of `frame`; false for a sample format that libav may add one day.
    static func interleave(
        _ frame: UnsafeMutablePointer<AVFrame>, start: Int, count: Int, into output: UnsafeMutablePointer<Float>
    ) -> Bool {
        switch AVSampleFormat(frame.pointee.format) {
        case AV_SAMPLE_FMT_U8, AV_SAMPLE_FMT_U8P: copy(UInt8.self, frame, start, count, output)
        case AV_SAMPLE_FMT_S16, AV_SAMPLE_FMT_S16P: copy(Int16.self, frame, start, count, output)
        case AV_SAMPLE_FMT_S32, AV_SAMPLE_FMT_S32P: copy(Int32.self, frame, start, count, output)
        case AV_SAMPLE_FMT_S64, AV_SAMPLE_FMT_S64P: copy(Int64.self, frame, start, count, output)
        case AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP: copy(Float.self, frame, start, count, output)
        case AV_SAMPLE_FMT_DBL, AV_SAMPLE_FMT_DBLP: copy(Double.self, frame, start, count, output)
        default: return false
        }
        return true
    }

    /// Planar formats keep each channel in a plane of its own, packed ones keep frames together in the first plane.
    private static func copy<Sample: DecodedSample>(
        _: Sample.Type, _ frame: UnsafeMutablePointer<AVFrame>, _ start: Int, _ count: Int,
        _ output: UnsafeMutablePointer<Float>
    ) {
        let channelCount = Int(frame.pointee.ch_layout.nb_channels)
        let isPlanar = av_sample_fmt_is_planar(AVSampleFormat(frame.pointee.format)) != 0
        let (step, offset) = isPlanar ? (1, start) : (channelCount, start * channelCount)
        for channel in 0..<channelCount {
            guard let plane = frame.pointee.extended_data[isPlanar ? channel : 0] else { continue }
            let samples = UnsafeRawPointer(plane).assumingMemoryBound(to: Sample.self)
                .advanced(by: offset + (isPlanar ? 0 : channel))
            for index in 0..<count { output[index * channelCount + channel] = samples[index * step].unitFloat }
        }
    }
}
