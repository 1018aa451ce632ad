import AudioIO
import Foundation
import TestSupport
import Testing

/// `paged.ogg` with pages taken out or moved in time; it has a page each 1024 frames from 640 on.
@Suite("A hole in an OGG file is silence, and what follows keeps its place")
struct HoledOggTests {
    private static let bound = -80.0

    private struct Pages {
        var pages: [Data]

        init() throws {
            let data = try Data(contentsOf: URL(fileURLWithPath: Media.path("paged.ogg")))
            pages = []
            var offset = 0
            while offset < data.count {
                let lengths = data[(offset + 27)..<(offset + 27 + Int(data[offset + 26]))]
                let end = offset + 27 + lengths.count + lengths.reduce(0) { $0 + Int($1) }
                pages.append(Data(data[offset..<end]))
                offset = end
            }
        }

        /// Puts a little-endian number into a page.
        mutating func set(_ value: UInt64, bytes: Range<Int>, ofPage index: Int) {
            for (place, byte) in bytes.enumerated() { pages[index][byte] = UInt8(value >> (8 * UInt64(place)) & 255) }
        }

        func granule(_ index: Int) -> Int { pages[index][6..<14].reversed().reduce(0) { $0 << 8 | Int($1) } }

        /// The file, with right checksums.
        func file() -> Data {
            var copy = self
            for index in pages.indices {
                copy.set(0, bytes: 22..<26, ofPage: index)
                copy.set(UInt64(Self.checksum(copy.pages[index])), bytes: 22..<26, ofPage: index)
            }
            return copy.pages.reduce(Data(), +)
        }

        /// CRC-32 of polynomial 0x04c11db7, neither reflected nor inverted.
        private static func checksum(_ page: Data) -> UInt32 {
            page.reduce(UInt32(0)) { register, byte in
                (0..<8).reduce(register ^ UInt32(byte) << 24) { value, _ in
                    value & 0x8000_0000 == 0 ? value << 1 : value << 1 ^ 0x04c1_1db7
                }
            }
        }
    }

    private func load(_ bytes: Data) throws -> AudioClip {
        try TemporaryFolder.with { folder in
            let file = folder.appendingPathComponent("hole.ogg")
            try bytes.write(to: file)
            #expect(try AudioReader(path: file.path).info.backend == .libav)
            return try AudioClip.load(path: file.path, channels: .native)
        }
    }

    private func golden() throws -> [Float] { try AudioFixtures.floats(Repository.golden("audio/media/paged.ogg.f32")) }

    @Test("a whole file is left to libsndfile, rebuilt pages too")
    func whole() throws {
        #expect(try AudioReader(path: Media.path("paged.ogg")).info.backend == .libsndfile)
        let file = try Data(contentsOf: URL(fileURLWithPath: Media.path("paged.ogg")))
        #expect(try Pages().file() == file)
    }

    @Test("a lost page", arguments: [false, true])
    func lost(isRenumbered: Bool) throws {
        var pages = try Pages()
        let (before, behind) = (pages.granule(6), pages.granule(8))
        pages.pages.removeSubrange(7...8)
        if isRenumbered {
            for index in pages.pages.indices { pages.set(UInt64(index), bytes: 18..<22, ofPage: index) }
        }
        let (clip, golden) = (try load(pages.file()), try golden())
        #expect(clip.frameCount == golden.count)
        // The packets around a hole are half overlaps with lost ones: at most a long block of 512 frames each.
        let (head, tail) = (Array(clip.samples[..<(before - 512)]), Array(clip.samples[(behind + 512)...]))
        #expect(AudioFixtures.differenceDB(head, Array(golden[..<(before - 512)])) <= Self.bound)
        #expect(AudioFixtures.differenceDB(tail, Array(golden[(behind + 512)...])) <= Self.bound)
        #expect(clip.samples[(before + 512)..<(behind - 512)].allSatisfy { $0 == 0 })
    }

    @Test("time stamps that jump by half a second between two pages")
    func jump() throws {
        var pages = try Pages()
        let before = pages.granule(6)
        for index in 7..<pages.pages.count {
            pages.set(UInt64(pages.granule(index) + 8000), bytes: 6..<14, ofPage: index)
        }
        let (clip, golden) = (try load(pages.file()), try golden())
        #expect(clip.frameCount == golden.count + 8000)
        let (head, tail) = (Array(clip.samples[..<(before - 512)]), Array(clip.samples[(before + 8512)...]))
        #expect(AudioFixtures.differenceDB(head, Array(golden[..<(before - 512)])) <= Self.bound)
        #expect(AudioFixtures.differenceDB(tail, Array(golden[(before + 512)...])) <= Self.bound)
        #expect(clip.samples[(before + 512)..<(before + 7488)].allSatisfy { $0 == 0 })
    }
}
