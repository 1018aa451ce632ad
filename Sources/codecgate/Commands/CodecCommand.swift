import ArgumentParser
import EnCodec

/// `codecgate codec`.
struct CodecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codec",
        abstract: "List, inspect and fetch codecs.",
        discussion: "Example: codecgate codec inspect facebook/encodec_24khz",
        subcommands: [CodecListCommand.self, CodecInspectCommand.self, CodecFetchCommand.self])
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
        let codecs =
            [Entry(id: CodecFiles.embeddedName, remark: "embedded")] + CodecFiles.idsInHubCache().map { Entry(id: $0) }
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

        init(id: String, remark: String? = nil) {
            codec = id
            self.remark = remark
            do {
                let files = try CodecFiles.locate(id)
                let configuration = try files.configuration()
                weightsBytes = try files.weightsByteCount()
                samplingRate = configuration.samplingRate
                channels = configuration.audioChannels
                bandwidthsKbps = configuration.targetBandwidths
            } catch {
                self.remark = Failure.sentence(of: error)
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

    @Argument(
        help: ArgumentHelp("A folder, a Hugging Face id in the local hub cache, or mini.", valueName: "spec"),
        completion: .codec)
    var specification: String

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
        let files = try CodecFiles.locate(specification)
        _ = try files.load()
        let description = try CodecDescription(files)
        guard json else {
            try StandardStreams.output(description.table)
            guard specification == CodecFiles.embeddedName else { return }
            return try StandardStreams.output("\n" + CodecCard(CodecFiles.embeddedCard()).table)
        }
        try StandardStreams.json(description)
    }
}
