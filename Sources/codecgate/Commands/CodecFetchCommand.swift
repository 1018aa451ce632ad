import ArgumentParser
import EnCodec
import Foundation

/// `codecgate codec fetch`.
struct CodecFetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch an EnCodec model from the Hugging Face hub into the local hub cache.",
        discussion: """
            A fetch that was interrupted goes on where it stopped. HF_ENDPOINT, HF_HOME, HF_TOKEN, HTTPS_PROXY and \
            NO_PROXY are honoured; the token goes to the endpoint only.

            Example: codecgate codec fetch facebook/encodec_24khz
            """)

    @Argument(
        help: ArgumentHelp("The model, such as facebook/encodec_24khz.", valueName: "id"),
        completion: .list(["facebook/encodec_24khz", "facebook/encodec_48khz"]))
    var id: String

    @Option(help: ArgumentHelp("Branch, tag or commit.", valueName: "name"))
    var revision = "main"

    @Option(help: ArgumentHelp("Address of the hub (default: $HF_ENDPOINT or the public hub).", valueName: "url"))
    var endpoint: String?

    @Option(help: ArgumentHelp("Give up when nothing comes for so long.", valueName: "seconds"))
    var timeout = 30.0

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(help: "Print only errors (and JSON, when asked for).")
    var quiet = false

    func validate() throws {
        guard (0.1...3600).contains(timeout) else {
            throw ValidationError("--timeout is \(Text.plain(timeout)); give 0.1 to 3600 seconds.")
        }
    }

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let client = HubClient(
            try HubSettings(environment: environment, endpoint: endpoint), timeoutSeconds: timeout)
        let result = try CodecFetch(id: id, revision: revision, client: client, isQuiet: quiet).run()
        // A fetched codec is a codec that loads: every tensor is checked.
        _ = try CodecFiles.locate(result.snapshot).load()
        if json { return try StandardStreams.json(result) }
        guard !quiet else { return }
        let rows = result.files.map { [$0.name, Text.fixed(Double($0.bytes) / 1e6, 1) + " MB", $0.status.rawValue] }
        let name = revision == "main" ? id : result.snapshot
        try StandardStreams.output(Text.table(rows) + "\(result.snapshot)\nUse it with --codec \(name)\n")
    }
}
