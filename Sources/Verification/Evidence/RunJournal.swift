internal import Foundation
internal import Glibc

/// The append-only record of a run in progress: the plan first, then each finding as soon as it is there.
///
/// Lines reach the file one write each, so a crash leaves whole lines and at most one cut-off last line. The file is
/// locked while the run lasts; whatever it holds, it is never a verdict.
public final class RunJournal {
    /// Format of the first line.
    public static let schema = "codecgate.journal/1"

    /// Where it is.
    public let path: String
    /// What an interrupted run had measured, check by check; empty for a new run.
    public let resumed: JournalContents?
    private let descriptor: Int32

    /// Starts a journal, or goes on with one.
    ///
    /// - Parameters:
    ///   - path: Created when missing; an old journal is emptied unless the run resumes.
    ///   - info: The run.
    ///   - plans: Everything that is to be measured.
    ///   - isResuming: Goes on with the journal that is there, which must be of a run with the same inputs.
    /// - Throws: ``ResultsError``; an old journal is then as it was.
    init(path: String, info: RunInfo, plans: [FindingPlan], isResuming: Bool) throws(ResultsError) {
        if isResuming, access(path, F_OK) != 0 { throw .missing(path: path) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
        do throws(ResultsError) {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                throw errno == EWOULDBLOCK
                    ? .busy(path: path) : .system(operation: "lock", path: path, code: errno)
            }
            let contents = isResuming ? try JournalContents(contentsOf: path) : nil
            if let contents, let difference = contents.difference(info: info, plans: plans) {
                throw ResultsError.otherRun(path: path, difference: difference)
            }
            // A cut-off last line goes away; what follows starts on a line of its own.
            guard ftruncate(descriptor, off_t(contents?.wholeByteCount ?? 0)) == 0 else {
                throw ResultsError.system(operation: "truncate", path: path, code: errno)
            }
            resumed = contents
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        if resumed == nil { try append(JournalHeader(schema: Self.schema, run: info, plans: plans)) }
    }

    deinit { close(descriptor) }

    /// Records a finding.
    ///
    /// - Parameter finding: As planned.
    /// - Throws: ``ResultsError/system(operation:path:code:)``, for instance on a full disk.
    public func record(_ finding: Finding) throws(ResultsError) { try append(JournalEntry(finding: finding)) }

    /// Records that a check is done: a resumed run takes its findings over.
    ///
    /// - Parameters:
    ///   - check: Its id.
    ///   - seconds: How long it took.
    /// - Throws: ``ResultsError/system(operation:path:code:)``.
    public func finish(check: String, seconds: Double) throws(ResultsError) {
        try append(JournalEntry(done: check, seconds: seconds))
    }

    private func append(_ line: some Encodable) throws(ResultsError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes: [UInt8]
        do { bytes = try Array(encoder.encode(line)) + [UInt8(ascii: "\n")] } catch {
            throw .malformed(path: path, problem: "\(error)")
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(operation: "write", path: path, code: errno) }
            rest = rest.dropFirst(count)
        }
    }
}

struct JournalHeader: Codable {
    let schema: String
    let run: RunInfo
    let plans: [FindingPlan]
}

struct JournalEntry: Codable {
    var finding: Finding?
    var done: String?
    var seconds: Double?
}
