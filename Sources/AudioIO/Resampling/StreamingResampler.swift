internal import CSoxr

/// Converts a stream of interleaved frames from one sample rate to another with libsoxr's "HQ" recipe.
///
/// Linear phase, 20-bit accuracy, pass band to 0.913 of the lower Nyquist frequency, delay removed: frame `i` of the
/// output stands at the time `i / targetRate` of the input. It is the engine and recipe behind librosa's default
/// (`soxr_hq`). Equal rates pass every sample unchanged. How the input is cut into blocks does not change the output.
///
/// After `finish` exactly `ceil(n * targetRate / sourceRate)` frames have been produced for `n` input frames; where
/// libsoxr stops one short of that, a zero frame completes it, as in librosa. Input must be finite: one NaN spoils
/// the neighbourhood a filter length wide.
public final class StreamingResampler {
    /// Rates that can be converted, in Hz.
    public static let supportedRates = 100...4_000_000

    /// Frames per second going in.
    public let sourceRate: Int
    /// Frames per second coming out.
    public let targetRate: Int
    /// Samples per frame, on both sides.
    public let channelCount: Int

    private let engine: SoxrEngine
    private let isIdentity: Bool
    private var scratch: [Float]
    private var consumedFrameCount = 0
    private var producedFrameCount = 0
    private var isFinished = false

    private static let blockFrameCount = 4096

    /// Prepares a conversion.
    ///
    /// - Parameters:
    ///   - sourceRate: Frames per second going in, within `supportedRates`.
    ///   - targetRate: Frames per second coming out, within `supportedRates`.
    ///   - channelCount: Samples per frame, 1 to 1024.
    /// - Throws: `AudioFileError.resampling` for a rate or count outside these ranges.
    public init(from sourceRate: Int, to targetRate: Int, channelCount: Int) throws(AudioFileError) {
        engine = try SoxrEngine(from: sourceRate, to: targetRate, channelCount: channelCount)
        self.sourceRate = sourceRate
        self.targetRate = targetRate
        self.channelCount = channelCount
        isIdentity = sourceRate == targetRate
        scratch = [Float](repeating: 0, count: Self.blockFrameCount * channelCount)
    }

    /// Frames that `frameCount` input frames become: `ceil(frameCount * targetRate / sourceRate)`, in integers.
    ///
    /// - Parameters:
    ///   - frameCount: Input frames, at least 0.
    ///   - sourceRate: Frames per second going in.
    ///   - targetRate: Frames per second coming out.
    /// - Returns: Output frames.
    public static func outputFrameCount(_ frameCount: Int, from sourceRate: Int, to targetRate: Int) -> Int {
        let (quotient, remainder) = frameCount.quotientAndRemainder(dividingBy: sourceRate)
        return quotient * targetRate + (remainder * targetRate + sourceRate - 1) / sourceRate
    }

    /// Converts the next frames; what cannot be computed yet is kept for the next call.
    ///
    /// - Parameters:
    ///   - input: Interleaved finite samples, a whole number of frames; may be empty.
    ///   - output: Receives the finished frames at its end.
    /// - Throws: `AudioFileError.resampling` when libsoxr fails.
    public func process(
        _ input: UnsafeBufferPointer<Float>, appendingTo output: inout [Float]
    ) throws(AudioFileError) {
        precondition(input.count % channelCount == 0, "\(input.count) samples are not frames of \(channelCount)")
        precondition(!isFinished, "the stream was finished; make a new resampler")
        consumedFrameCount += input.count / channelCount
        if isIdentity {
            output.append(contentsOf: input)
            producedFrameCount = consumedFrameCount
            return
        }
        var rest = input
        // An empty input would mean "end of stream" to libsoxr.
        while !rest.isEmpty {
            let step = try engine.step(input: rest, output: &scratch)
            rest = UnsafeBufferPointer(rebasing: rest[(step.consumed * channelCount)...])
            append(step.produced, to: &output)
        }
    }

    /// Ends the stream and delivers what was held back, bringing the total to the documented length.
    ///
    /// - Parameter output: Receives the last frames at its end.
    /// - Throws: `AudioFileError.resampling` when libsoxr fails.
    public func finish(appendingTo output: inout [Float]) throws(AudioFileError) {
        precondition(!isFinished, "the stream was finished; make a new resampler")
        isFinished = true
        let total = Self.outputFrameCount(consumedFrameCount, from: sourceRate, to: targetRate)
        while !isIdentity, producedFrameCount < total {
            let step = try engine.step(input: nil, output: &scratch)
            if step.produced == 0 { break }
            append(min(step.produced, total - producedFrameCount), to: &output)
        }
        output.append(contentsOf: repeatElement(0, count: (total - producedFrameCount) * channelCount))
        producedFrameCount = total
    }

    private func append(_ frameCount: Int, to output: inout [Float]) {
        output.append(contentsOf: scratch[..<(frameCount * channelCount)])
        producedFrameCount += frameCount
    }
}

/// One libsoxr conversion.
private struct SoxrEngine: ~Copyable {
    private let handle: soxr_t
    private let channelCount: Int

    init(from sourceRate: Int, to targetRate: Int, channelCount: Int) throws(AudioFileError) {
        let attempted = "convert \(channelCount) channels from \(sourceRate) Hz to \(targetRate) Hz"
        let rates = StreamingResampler.supportedRates
        guard rates.contains(sourceRate), rates.contains(targetRate), (1...1024).contains(channelCount) else {
            let text = "rates must lie in \(rates) Hz and channels in 1...1024"
            throw .resampling(fault: LibraryFault(library: .libsoxr, code: 0, text: text, attempted: attempted))
        }
        var failure: soxr_error_t?
        var format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var quality = soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
        var runtime = soxr_runtime_spec(1)
        let created = soxr_create(
            Double(sourceRate), Double(targetRate), UInt32(channelCount), &failure, &format, &quality, &runtime)
        guard let created, failure == nil else {
            throw .resampling(fault: Self.fault(failure, attempted))
        }
        handle = created
        self.channelCount = channelCount
    }

    deinit { soxr_delete(handle) }

    /// Moves frames on; a nil `input` says that there will be no more.
    borrowing func step(
        input: UnsafeBufferPointer<Float>?, output: inout [Float]
    ) throws(AudioFileError) -> (consumed: Int, produced: Int) {
        var (consumed, produced) = (0, 0)
        let capacity = output.count / channelCount
        let failure = output.withUnsafeMutableBufferPointer { buffer in
            soxr_process(
                handle, input?.baseAddress, (input?.count ?? 0) / channelCount, &consumed, buffer.baseAddress, capacity,
                &produced)
        }
        guard failure == nil else { throw .resampling(fault: Self.fault(failure, "process a block")) }
        return (consumed, produced)
    }

    private static func fault(_ failure: soxr_error_t?, _ attempted: String) -> LibraryFault {
        let text = failure.map { String(cString: $0) } ?? "no reason given"
        return LibraryFault(library: .libsoxr, code: 0, text: text, attempted: attempted)
    }
}
