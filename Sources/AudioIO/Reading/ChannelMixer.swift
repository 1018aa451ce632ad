internal import CLibAV

/// Where the speaker of each channel stands, in file order.
enum SpeakerLayout: Equatable {
    /// libav's `AVChannel` numbers.
    case positions([Int])
    /// The file does not say; the usual layout for the channel count is meant.
    case unspecified
}

/// Weighs the channels of a file into the channels that were asked for.
struct ChannelMixer {
    let inputCount: Int
    let outputCount: Int
    /// Row-major, `outputCount` rows of `inputCount`; nil when samples pass unchanged.
    private let weights: [Float]?

    /// Prepares the mix of `inputCount` channels.
    init(_ mix: ChannelMix, inputCount: Int, layout: SpeakerLayout, path: String) throws(AudioFileError) {
        self.inputCount = inputCount
        switch (mix, inputCount) {
        case (.native, _), (.mono, 1), (.stereo, 2): (outputCount, weights) = (inputCount, nil)
        case (.stereo, 1): (outputCount, weights) = (2, [1, 1])
        case (.mono, 2): (outputCount, weights) = (1, [0.5, 0.5])
        case (.mono, _): (outputCount, weights) = (1, try Self.matrix(inputCount, 1, layout, path))
        case (.stereo, _): (outputCount, weights) = (2, try Self.matrix(inputCount, 2, layout, path))
        }
    }

    /// Mixes whole frames; `output` has room for as many frames as `input` holds.
    func apply(_ input: UnsafeBufferPointer<Float>, to output: UnsafeMutableBufferPointer<Float>) {
        let frameCount = input.count / inputCount
        precondition(output.count >= frameCount * outputCount, "\(output.count) samples for \(frameCount) frames")
        guard let weights else {
            _ = output.update(fromContentsOf: input)
            return
        }
        weights.withUnsafeBufferPointer { weights in
            for frame in 0..<frameCount {
                for row in 0..<outputCount {
                    var sum: Float = 0
                    for column in 0..<inputCount {
                        sum += weights[row * inputCount + column] * input[frame * inputCount + column]
                    }
                    output[frame * outputCount + row] = sum
                }
            }
        }
    }

    /// libswresample's default matrix, asked of the library itself, with its columns in file order.
    private static func matrix(
        _ inputCount: Int, _ outputCount: Int, _ layout: SpeakerLayout, _ path: String
    ) throws(AudioFileError) -> [Float] {
        let positions = resolved(layout, channelCount: inputCount)
        guard let positions, Set(positions).count == inputCount, positions.allSatisfy({ 0..<64 ~= $0 }) else {
            throw unknownLayout(inputCount, path)
        }
        var source = AVChannelLayout()
        var target = AVChannelLayout()
        let mask = positions.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        guard av_channel_layout_from_mask(&source, mask) == 0 else { throw unknownLayout(inputCount, path) }
        av_channel_layout_default(&target, Int32(outputCount))
        let half = 0.5.squareRoot()
        // While normalising, the library walks over 64 rows and columns whatever the layouts; less room is overrun.
        let stride = 64
        var ascending = [Double](repeating: 0, count: stride * stride)
        // The numbers are libswresample's option defaults: centre and surround -3 dB, no low-frequency effects.
        let status = swr_build_matrix2(
            &source, &target, half, half, 0, 1, 1, &ascending, stride, AV_MATRIX_ENCODING_NONE, nil)
        guard status >= 0 else { throw unknownLayout(inputCount, path) }
        let columns = positions.map { position in positions.count { $0 < position } }
        return (0..<outputCount).flatMap { row in columns.map { Float(ascending[row * stride + $0]) } }
    }

    /// The positions of a layout, taking the usual one for the count where the file is silent.
    private static func resolved(_ layout: SpeakerLayout, channelCount: Int) -> [Int]? {
        if case .positions(let positions) = layout { return positions.count == channelCount ? positions : nil }
        var usual = AVChannelLayout()
        av_channel_layout_default(&usual, Int32(channelCount))
        return usual.order == AV_CHANNEL_ORDER_NATIVE ? bits(of: usual.u.mask) : nil
    }

    /// The numbers of the set bits, ascending, which is the channel order of libav's native layouts.
    static func bits(of mask: UInt64) -> [Int] { (0..<64).filter { mask & (1 << UInt64($0)) != 0 } }

    private static func unknownLayout(_ count: Int, _ path: String) -> AudioFileError {
        .unsupported(
            path: path,
            reason: "its \(count) channels have no known speaker positions to mix; read them as native channels")
    }
}
