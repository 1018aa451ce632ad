import AudioIO
import Foundation

/// Measures `codecgate metrics` on a long pair of files, as users run it.
enum PanelRun {
    /// What the program prints, as far as it is needed.
    private struct Output: Decodable {
        struct Entry: Decodable { let status: String }
        let metrics: [String: Entry]
    }

    /// Writes both files, again and again from the beginning until they are long enough, and measures them.
    ///
    /// Peak memory and processor time are those of all child processes so far: no other one may have ended before.
    ///
    /// - Parameters:
    ///   - reference: Mono samples.
    ///   - test: As many.
    ///   - rate: Samples per second.
    ///   - seconds: Length of the files.
    ///   - workers: Metrics at work at a time.
    ///   - folder: Where the files lie.
    /// - Returns: Time and memory.
    /// - Throws: `AudioFileError`, ``CommandError``, `Interruption`.
    static func measure(
        reference: [Float], test: [Float], rate: Int, seconds: Double, workers: Int, folder: BenchFolder
    ) throws -> MetricsBenchReport.Panel {
        let count = Int(seconds * Double(rate))
        let paths = [folder.path("reference.wav"), folder.path("test.wav")]
        for (samples, path) in zip([reference, test], paths) {
            try write(samples, count: count, rate: rate, to: path)
        }
        let (process, output) = (Process(), folder.url.appendingPathComponent("panel.json"))
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["metrics"] + paths + ["--workers", "\(workers)", "--json", "--quiet"]
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try Data().write(to: output)
            process.standardOutput = try FileHandle(forWritingTo: output)
            try process.run()
        } catch { throw CommandError.unwritable("the panel cannot be started: \(error.localizedDescription)") }
        process.waitUntilExit()
        let elapsed = (clock.now - start).inSeconds
        try Interruption.check()
        guard process.terminationStatus == 0 else {
            throw CommandError.badInput("the panel ended with code \(process.terminationStatus); its message is above")
        }
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        let entries = try JSONDecoder().decode(Output.self, from: Data(contentsOf: output)).metrics
        return .init(
            audioSeconds: seconds, metrics: entries.values.filter { $0.status == "value" }.count, seconds: elapsed,
            cpuSeconds: [usage.ru_utime, usage.ru_stime].reduce(0) {
                $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
            },
            peakResidentBytes: Int(usage.ru_maxrss) * 1024, workers: workers)
    }

    private static func write(_ samples: [Float], count: Int, rate: Int, to path: String) throws {
        let writer = try AudioWriter(path: path, sampleRate: rate, channelCount: 1, encoding: .float32)
        var left = count
        while left > 0 {
            let part = min(left, samples.count)
            try samples.withUnsafeBufferPointer { buffer throws(AudioFileError) in
                try writer.write(UnsafeBufferPointer(rebasing: buffer[..<part]))
            }
            left -= part
            try Interruption.check()
        }
        try writer.finish()
    }
}
