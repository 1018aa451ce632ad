import Autoencoder
import Foundation

/// The models' forward passes and training steps beside PyTorch's, same sizes and threads, in one run.
final class ModelsBenchmark {
    /// One case's times.
    struct Row: Encodable {
        let name: ModelCase
        var ourSeconds: [Double] = []
        var torchSeconds: [Double] = []
        /// nil when not measured.
        var ourMedianSeconds: Double?
        var torchMedianSeconds: Double?
        /// PyTorch's median over ours.
        var oursIsFasterBy: Double?
        var parameters = 0
        var notMeasured: String?
    }

    private(set) var versions: [String: String] = [:]
    private let batch: Int
    private let threads: Int
    private let folder: BenchFolder
    private var process: PeerProcess?
    private var reason: String?

    /// Starts PyTorch; nil measures ours alone.
    init(batch: Int, threads: Int, python: String?) throws {
        (self.batch, self.threads) = (batch, threads)
        folder = try BenchFolder()
        guard let python else { return }
        do {
            let process = try PeerProcess(
                .models, python: python, log: folder.url.appendingPathComponent("peer.log"))
            versions = try process.ask(.init(do: "load")).versions ?? [:]
            self.process = process
        } catch let failure as PeerProcess.Failure { reason = failure.reason }
    }

    /// Measures one case: a warm-up of each, then ours and PyTorch's in turn.
    ///
    /// - Parameters:
    ///   - name: The case.
    ///   - repeats: Measurements of each.
    /// - Returns: Times and medians.
    /// - Throws: `Interruption`, or ``CommandError`` when a temporary file cannot be written.
    func measure(_ name: ModelCase, repeats: Int) throws -> Row {
        var row = Row(name: name)
        row.notMeasured = reason
        let configuration = try name.configuration()
        var ours = try ModelRun(name, configuration, batch: batch, threads: threads)
        row.parameters = ours.parameterCount
        _ = ours()
        try prepare(name, configuration, &row)
        for _ in 0..<repeats {
            try Interruption.check()
            var check = 0.0
            row.ourSeconds.append(ContinuousClock().measure { check = ours() }.inSeconds)
            guard check.isFinite else {
                throw CommandError.badInput("\(name.title) gives \(check); report this defect")
            }
            try ask(&row) { row, process in
                let answer = try process.ask(.init(do: "run", direction: name.isStep ? "step" : "forward"))
                if let seconds = answer.seconds { row.torchSeconds.append(seconds) }
            }
        }
        (row.ourMedianSeconds, row.torchMedianSeconds) = (row.ourSeconds.median, row.torchSeconds.median)
        if let ours = row.ourMedianSeconds, let theirs = row.torchMedianSeconds { row.oursIsFasterBy = theirs / ours }
        return row
    }

    /// Builds the same model in PyTorch, which must have as many parameters.
    private func prepare(_ name: ModelCase, _ configuration: AutoencoderConfiguration, _ row: inout Row) throws {
        let path = folder.path("configuration.json")
        do { try JSONEncoder().encode(configuration).write(to: URL(fileURLWithPath: path)) } catch {
            throw CommandError.unwritable("'\(path)' cannot be written: \(error.localizedDescription)")
        }
        try ask(&row) { row, process in
            let answer = try process.ask(
                .init(
                    do: "prepare", engine: name.isEncoderAlone ? "encoder" : "model",
                    direction: name.isStep ? "step" : "forward", threads: threads, path: path, rows: batch))
            guard answer.value == Double(row.parameters) else {
                throw PeerProcess.Failure(
                    reason: "its model has \(answer.value ?? 0) parameters where ours has \(row.parameters)")
            }
        }
    }

    private func ask(_ row: inout Row, _ body: (inout Row, PeerProcess) throws -> Void) throws {
        guard row.notMeasured == nil, let process else { return }
        do { try body(&row, process) } catch let failure as PeerProcess.Failure { row.notMeasured = failure.reason }
    }
}
