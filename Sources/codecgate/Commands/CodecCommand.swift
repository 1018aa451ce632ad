import ArgumentParser
import EnCodec

/// `codecgate codec`.
struct CodecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codec",
        abstract: "Say which codecs there are, and what one of them is.",
        discussion: "Example: codecgate codec inspect facebook/encodec_24khz",
        subcommands: [CodecListCommand.self, CodecInspectCommand.self])
}

/// `codecgate codec list`.
struct CodecListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the embedded codec and the EnCodec models in the local hub cache.",
        discussion: """
            The cache is at $HF_HUB_CACHE, $HF_HOME/hub or ~/.cache/huggingface/hub.

            Example: codecgate codec list --json
            """)

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
        let codecs = [Entry.mini] + CodecFiles.idsInHubCache().map(Entry.init)
        guard !json else { return try StandardStreams.json(codecs) }
        let header = ["codec", "MB", "Hz", "channels", "bandwidths (kbps)", "remark"]
        try StandardStreams.output(Text.table([header] + codecs.map(\.row)))
    }

    private struct Entry: Encodable {
        let codec: String
        var weightsBytes: Int?
        var samplingRate: Int?
        var channels: Int?
        var bandwidthsKbps: [Double]?
        var remark: String?

        static let mini = Entry(codec: "mini", remark: "embedded codec: not in this build")

        private init(codec: String, remark: String) { (self.codec, self.remark) = (codec, remark) }

        init(id: String) {
            codec = id
            do {
                let files = try CodecFiles.locate(id)
                let configuration = try files.configuration()
                weightsBytes = try files.weightsByteCount()
                samplingRate = configuration.samplingRate
                channels = configuration.audioChannels
                bandwidthsKbps = configuration.targetBandwidths
            } catch {
                remark = Failure.sentence(of: error)
            }
        }

        var row: [String] {
            [
                codec, weightsBytes.map { Text.fixed(Double($0) / 1e6, 1) } ?? "-", samplingRate.map { "\($0)" } ?? "-",
                channels.map { "\($0)" } ?? "-",
                bandwidthsKbps.map { $0.map(Text.plain).joined(separator: ", ") } ?? "-", remark ?? "",
            ]
        }
    }
}

/// `codecgate codec inspect`.
struct CodecInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show a codec's configuration and weights, every tensor checked.",
        discussion: "Example: codecgate codec inspect facebook/encodec_24khz --json")

    @Argument(help: ArgumentHelp("A folder, a Hugging Face id in the local hub cache, or mini.", valueName: "spec"))
    var specification: String

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
        let files = try CodecOption.locate(specification)
        _ = try files.load()
        let description = try CodecDescription(files)
        guard json else { return try StandardStreams.output(description.table) }
        try StandardStreams.json(description)
    }
}
