internal import CLibAV
internal import CSndFile

/// libsndfile's speaker numbers in libav's numbering, so that one matrix serves both libraries.
enum SndFileSpeakers {
    /// libav's `AVChannel` number, or nil for positions that have none (Ambisonics).
    static func position(of speaker: Int) -> Int? { table[speaker] }

    private static let table: [Int: Int] = {
        let pairs: [(Int, AVChannel)] = [
            (Int(SF_CHANNEL_MAP_MONO), AV_CHAN_FRONT_CENTER), (Int(SF_CHANNEL_MAP_LEFT), AV_CHAN_FRONT_LEFT),
            (Int(SF_CHANNEL_MAP_RIGHT), AV_CHAN_FRONT_RIGHT), (Int(SF_CHANNEL_MAP_CENTER), AV_CHAN_FRONT_CENTER),
            (Int(SF_CHANNEL_MAP_FRONT_LEFT), AV_CHAN_FRONT_LEFT),
            (Int(SF_CHANNEL_MAP_FRONT_RIGHT), AV_CHAN_FRONT_RIGHT),
            (Int(SF_CHANNEL_MAP_FRONT_CENTER), AV_CHAN_FRONT_CENTER),
            (Int(SF_CHANNEL_MAP_REAR_CENTER), AV_CHAN_BACK_CENTER), (Int(SF_CHANNEL_MAP_REAR_LEFT), AV_CHAN_BACK_LEFT),
            (Int(SF_CHANNEL_MAP_REAR_RIGHT), AV_CHAN_BACK_RIGHT), (Int(SF_CHANNEL_MAP_LFE), AV_CHAN_LOW_FREQUENCY),
            (Int(SF_CHANNEL_MAP_FRONT_LEFT_OF_CENTER), AV_CHAN_FRONT_LEFT_OF_CENTER),
            (Int(SF_CHANNEL_MAP_FRONT_RIGHT_OF_CENTER), AV_CHAN_FRONT_RIGHT_OF_CENTER),
            (Int(SF_CHANNEL_MAP_SIDE_LEFT), AV_CHAN_SIDE_LEFT), (Int(SF_CHANNEL_MAP_SIDE_RIGHT), AV_CHAN_SIDE_RIGHT),
            (Int(SF_CHANNEL_MAP_TOP_CENTER), AV_CHAN_TOP_CENTER),
            (Int(SF_CHANNEL_MAP_TOP_FRONT_LEFT), AV_CHAN_TOP_FRONT_LEFT),
            (Int(SF_CHANNEL_MAP_TOP_FRONT_RIGHT), AV_CHAN_TOP_FRONT_RIGHT),
            (Int(SF_CHANNEL_MAP_TOP_FRONT_CENTER), AV_CHAN_TOP_FRONT_CENTER),
            (Int(SF_CHANNEL_MAP_TOP_REAR_LEFT), AV_CHAN_TOP_BACK_LEFT),
            (Int(SF_CHANNEL_MAP_TOP_REAR_RIGHT), AV_CHAN_TOP_BACK_RIGHT),
            (Int(SF_CHANNEL_MAP_TOP_REAR_CENTER), AV_CHAN_TOP_BACK_CENTER),
        ]
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0.0, Int($0.1.rawValue)) })
    }()

    /// The order that a format itself prescribes for files without a map: libsndfile does not report it.
    ///
    /// Vorbis I specification 4.3.9 (Opus follows it) and the FLAC format's frame header; nil for other formats and
    /// counts.
    static func prescribed(format: Int, channelCount: Int) -> [Int]? {
        let order: [AVChannel]? =
            switch format {
            case Int(SF_FORMAT_OGG): vorbis[channelCount]
            case Int(SF_FORMAT_FLAC): flac[channelCount]
            default: nil
            }
        return order?.map { Int($0.rawValue) }
    }

    private static let (left, right, centre) = (AV_CHAN_FRONT_LEFT, AV_CHAN_FRONT_RIGHT, AV_CHAN_FRONT_CENTER)
    private static let (backLeft, backRight, low) = (AV_CHAN_BACK_LEFT, AV_CHAN_BACK_RIGHT, AV_CHAN_LOW_FREQUENCY)
    private static let (sideLeft, sideRight, back) = (AV_CHAN_SIDE_LEFT, AV_CHAN_SIDE_RIGHT, AV_CHAN_BACK_CENTER)

    private static let vorbis: [Int: [AVChannel]] = [
        3: [left, centre, right],
        4: [left, right, backLeft, backRight],
        5: [left, centre, right, backLeft, backRight],
        6: [left, centre, right, backLeft, backRight, low],
        7: [left, centre, right, sideLeft, sideRight, back, low],
        8: [left, centre, right, sideLeft, sideRight, backLeft, backRight, low],
    ]

    private static let flac: [Int: [AVChannel]] = [
        3: [left, right, centre],
        4: [left, right, backLeft, backRight],
        5: [left, right, centre, backLeft, backRight],
        6: [left, right, centre, low, backLeft, backRight],
        7: [left, right, centre, low, back, sideLeft, sideRight],
        8: [left, right, centre, low, backLeft, backRight, sideLeft, sideRight],
    ]
}
