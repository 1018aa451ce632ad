import Foundation
import NumericCore
import TestSupport
import Testing

struct InterruptionTests {
    @Test(
        "SIGINT ends work by that signal, keeps the old output and leaves no temporary file",
        arguments: ["encode", "decode"])
    func interrupted(command: String) throws {
        let folder = try TemporaryFolder()
        // 20 minutes of sound: long enough to be interrupted on any machine.
        let seconds = 1200
        let (input, output) = command == "encode" ? ("in.wav", "old.npy") : ("in.npy", "old.wav")
        if command == "encode" {
            try WaveFile.write([Float](repeating: 0.1, count: 24000 * seconds), rate: 24000, to: folder.path(input))
        } else {
            let codes = Tensor([UInt8](repeating: 1, count: 4 * 75 * seconds), shape: [4, 75 * seconds])
            try NpyFile.write(codes, to: folder.path(input))
        }
        try Data("precious".utf8).write(to: URL(fileURLWithPath: folder.path(output)))
        let arguments = [command, folder.path(input), "-o", folder.path(output), "--codec", Program.small, "--quiet"]
        let bandwidth = command == "encode" ? ["--bandwidth", "1.5"] : []
        let process = Program.process(arguments + ["--threads", "1"] + bandwidth)
        try process.run()
        // Decoding shows by its temporary file that it is at work; encoding writes at its end.
        for _ in 0..<(command == "encode" ? 3 : 100) {
            if try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count > 2 { break }
            Thread.sleep(forTimeInterval: 0.1)
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        #expect(process.terminationStatus == SIGINT)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == [input, output].sorted())
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path(output))) == Data("precious".utf8))
    }
}
