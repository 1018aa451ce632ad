import Foundation
import Glibc
import NumericCore
import TestSupport
import Testing

struct FileAccessTests {
    @Test func `a missing file is named with the system's reason`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("none.npy")
        let error = #expect(throws: ArrayFileError.system(operation: "open", path: path, code: ENOENT)) {
            try NpyFile.read(path: path)
        }
        #expect(error?.description.contains("No such file or directory") == true)
    }

    @Test func `folders and devices are refused`() throws {
        let folder = try TemporaryFolder()
        let path = folder.url.path
        #expect(throws: ArrayFileError.notAFile(path: path)) { try NpyFile.read(path: path) }
        #expect(throws: ArrayFileError.notAFile(path: "/dev/zero")) { try NpyFile.read(path: "/dev/zero") }
    }

    @Test func `a write that is not committed leaves the old file`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("kept")
        try AtomicFile.write([1, 2, 3], to: path)
        do {
            let file = try AtomicFile(path: path)
            try file.append([9])
        }
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == [1, 2, 3])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["kept"])
    }

    @Test func `what was appended can be read back, replaced and cut off before the file takes its name`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("revised")
        try AtomicFile.write([7], to: path)
        let file = try AtomicFile(path: path)
        try file.append(elements: [1, 2, 3] as [Int32])
        var last: [Int32] = [0, 0]
        try file.read(at: 4, into: &last)
        #expect(last == [2, 3])
        try file.overwrite(at: 4, with: [20] as [Int32])
        try file.append(elements: [4, 5] as [Int32])
        try file.truncate(to: 16)
        do {
            try file.read(at: 12, into: &last)
            Issue.record("read beyond the end")
        } catch {
            #expect(error == .truncated(path: path, part: "what was written at byte 12", needed: 8, available: 4))
        }
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == [7])
        try file.commit()
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect((0..<4).map { bytes[$0 * 4] } == [1, 20, 3, 4] && bytes.count == 16)
    }

    @Test func `a replaced file keeps its permissions`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("private")
        try AtomicFile.write([1], to: path)
        #expect(chmod(path, 0o600) == 0)
        try AtomicFile.write([2], to: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `writing into a missing folder or over a folder fails and leaves nothing`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("absent/a.npy")
        #expect(throws: ArrayFileError.self) { try NpyFile.write(Tensor<Float>([1], shape: [1]), to: path) }
        let taken = folder.path("taken")
        try FileManager.default.createDirectory(atPath: taken, withIntermediateDirectories: false)
        #expect(throws: ArrayFileError.system(operation: "rename", path: taken, code: EISDIR)) {
            try NpyFile.write(Tensor<Float>([1], shape: [1]), to: taken)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["taken"])
    }

    @Test func `ranges outside a source are errors with both sizes`() throws {
        let source = ByteSource([1, 2, 3, 4], label: "x")
        #expect(try source.read(at: 1, count: 3, part: "p") == [2, 3, 4])
        #expect(try source.read(at: 4, count: 0, part: "p") == [])
        for (offset, count) in [(0, 5), (5, 0), (-1, 1), (2, -1), (1, Int.max), (Int.max, 1), (Int.max, Int.max)] {
            #expect(throws: ArrayFileError.self) { try source.read(at: offset, count: count, part: "p") }
        }
    }
}
