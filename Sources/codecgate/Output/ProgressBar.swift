import Glibc

/// A line on standard error that shows how far the work is; silent unless that is a terminal and work takes over 2 s.
final class ProgressBar {
    private let label: String
    private let totalSeconds: Double?
    private let isEnabled: Bool
    private let start = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?

    private static let quietTime = Duration.seconds(2)
    private static let interval = Duration.milliseconds(100)

    /// A bar.
    ///
    /// - Parameters:
    ///   - label: What is done, such as `encode`.
    ///   - totalSeconds: Seconds of audio altogether; nil when not known.
    ///   - isQuiet: Never show anything.
    init(_ label: String, totalSeconds: Double?, isQuiet: Bool) {
        self.label = label
        self.totalSeconds = totalSeconds.flatMap { $0 > 0 ? $0 : nil }
        isEnabled = !isQuiet && isatty(STDERR_FILENO) == 1
    }

    deinit {
        if lastShown != nil { StandardStreams.error("\r\u{1B}[K") }
    }

    /// Seconds since the bar was made.
    var elapsedSeconds: Double { (ContinuousClock.now - start).inSeconds }

    /// Shows how much is done.
    ///
    /// - Parameter seconds: Seconds of audio done so far.
    func update(_ seconds: Double) {
        show { Self.line(label, done: seconds, total: totalSeconds, elapsed: $0) }
    }

    /// Shows how many pieces are done.
    ///
    /// - Parameters:
    ///   - count: Pieces done so far.
    ///   - total: Pieces altogether.
    ///   - unit: What a piece is, in the plural.
    func update(_ count: Int, of total: Int, unit: String) {
        show { _ in
            let filled = total > 0 ? 20 * count / total : 20
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
            return "\(label) [\(bar)] \(count)/\(total) \(unit)"
        }
    }

    private func show(_ line: (_ elapsedSeconds: Double) -> String) {
        let now = ContinuousClock.now
        guard isEnabled, now - start > Self.quietTime, now - (lastShown ?? start) > Self.interval else { return }
        lastShown = now
        StandardStreams.error("\r\(line((now - start).inSeconds))\u{1B}[K")
    }

    /// The line for a moment.
    ///
    /// - Parameters:
    ///   - label: What is done.
    ///   - done: Seconds of audio done.
    ///   - total: Seconds of audio altogether; nil when not known.
    ///   - elapsed: Seconds since the start, above 0.
    /// - Returns: At most 80 columns.
    static func line(_ label: String, done: Double, total: Double?, elapsed: Double) -> String {
        let rate = done / elapsed
        let speed = "\(Text.fixed(rate, 1))x real time"
        guard let total, done > 0 else { return "\(label)  \(Text.clock(done))  \(speed)" }
        let share = min(done / total, 1)
        let filled = Int(share * 20)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
        let left = Text.clock(max(total - done, 0) / rate)
        return
            "\(label) [\(bar)] \(Int(share * 100)) %  \(Text.clock(done))/\(Text.clock(total))  \(speed)  \(left) left"
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
