import EnCodec
import FeaturePipeline
import Foundation
import NumericCore
import TestSupport
import Verification
import VerificationSuite

/// The embedded clip as a film, with the embedded codec.
enum FilmFixture {
    static let clip = Repository.golden("clips/scene.m4v").path
    static let labels = Repository.golden("clips/scene.labels.csv").path
    static let goldens = Repository.golden("encodec").deletingLastPathComponent()
    static let mini = Result { try AudioProcessor.Codec(CodecFiles.locate("mini")) }

    /// Tests run side by side: products of theirs that share two threads wait for each other for minutes.
    static let productThreads: Void = BLASRuntime.setThreadCount(1)

    static func context(
        in folder: URL, path: String = clip, trs: Int? = nil,
        _ change: (inout FilmContext.Request) throws -> Void = { _ in }
    ) throws -> FilmContext {
        productThreads
        var request = FilmContext.Request(
            path: path, codec: try mini.get(), scratch: folder.appendingPathComponent("scratch-\(UUID().uuidString)"))
        request.maximumTRCount = trs
        request.threadCount = 2
        if path == clip { request.labelsPath = labels }
        try change(&request)
        return try FilmContext(request)
    }

    /// The shipped gate file after a replacement of text, which must be there.
    static func gates(_ old: String, _ new: String) throws -> GateSet {
        let file = Repository.root.appendingPathComponent("Sources/Verification/Gates/gates.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let changed = text.replacingOccurrences(of: old, with: new)
        guard changed != text else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return try GateSet(parsing: changed, path: "changed")
    }

    static func results(
        _ film: FilmContext?, phases: [Int], gates: GateSet? = nil, isAudited: Bool = false
    ) throws -> RunResults {
        var options = Verifier.Options(goldens: goldens, environment: ["HF_HOME": "/nonexistent"], phases: phases)
        options.film = film
        options.isAudited = isAudited
        options.gates = try gates ?? .shipped()
        return try Verifier(options).run()
    }

    static func report(_ results: RunResults, gates: GateSet? = nil) throws -> RunReport {
        guard let day = CalendarDay("2026-06-15") else { throw CocoaError(.formatting) }
        return RunReport(results, gates: try gates ?? .shipped(), today: day)
    }
}
