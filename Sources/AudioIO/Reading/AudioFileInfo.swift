/// What a recording is, as its file says it.
public struct AudioFileInfo: Equatable, Sendable {
    /// The library that reads it: `.libsndfile` or `.libav`.
    public let backend: AudioLibrary
    /// Container, in the library's words, such as `WAV (Microsoft)` or `mov,mp4,m4a,3gp,3g2,mj2`.
    public let container: String
    /// Sample coding, in the library's words, such as `Signed 16 bit PCM` or `aac`.
    public let encoding: String
    /// The file's own frames per second, in Hz.
    public let sampleRate: Int
    /// The file's own samples per frame.
    public let channelCount: Int
    /// Frames at the file's own rate that its header declares, start offset not included; nil when it does not say.
    public let declaredFrameCount: Int?
    /// Frames at the file's own rate between the start of the container and the first sound; they read as silence.
    public let startOffsetFrameCount: Int
}

/// How the channels of a file become the channels that are read.
public enum ChannelMix: Equatable, Sendable {
    /// One channel: stereo by the mean; more channels by libswresample's default matrix.
    ///
    /// That matrix is normalised so that the weights sum to 1 and the result cannot clip: for 5.1 left and right 0.2071,
    /// centre 0.2929, surrounds 0.1464 each, low-frequency effects 0. Both backends use it.
    case mono
    /// Two channels: mono duplicated, more than two by libswresample's default matrix, normalised as for `mono`.
    case stereo
    /// The file's own channels in the file's own order.
    case native
}
