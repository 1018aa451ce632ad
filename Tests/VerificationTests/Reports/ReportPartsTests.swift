import Foundation
import Testing

@testable import NumericCore
@testable import Verification

/// The small parts that a page is made of.
struct ReportPartsTests {
    @Test("A picture's PNG has the standard's chunks, and its pixels come back from the stream")
    func picture() throws {
        let picture = IndexedPicture(
            width: 3, height: 2, pixels: [0, 1, 2, 2, 1, 0], palette: Array(IndexedPicture.levels.prefix(3)))
        let png = try #require(picture.png)
        #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        // The IEND chunk with its checksum is the same in every PNG.
        #expect(png.suffix(12) == [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
        #expect(Array(png[16..<29]) == [0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0])
        let start = try #require((0..<png.count - 4).first { Array(png[$0..<$0 + 4]) == Array("IDAT".utf8) })
        let length = png[start - 4..<start].reduce(0) { $0 << 8 | Int($1) }
        // zlib: two bytes before and a checksum of four after the deflate stream (RFC 1950).
        let stream = Array(png[start + 6..<start + length])
        #expect(Zlib.inflate(stream, expectedCount: 8) == [0, 0, 1, 2, 0, 2, 1, 0])
    }

    @Test("A written wave reads back within half a step; clipped, cut and foreign ones do not trap")
    func wave() throws {
        let samples: [Float] = [0, 0.5, -0.25, 1, -1, 3, 1e-5]
        let bytes = WaveFile(sampleRate: 24_000, samples: samples).encoded
        #expect(bytes.count == 44 + 14)
        let read = try #require(WaveFile(bytes))
        #expect(read.sampleRate == 24_000 && read.samples.count == 7)
        for (a, b) in zip(samples, read.samples) { #expect(abs(min(max(a, -1), 1) - b) <= 1.0 / 32_768) }
        for length in 0..<bytes.count {
            let cut = WaveFile(Array(bytes[..<length]))
            #expect(cut == nil || length > 45)
        }
        var wrong = bytes
        wrong[34] = 24
        #expect(WaveFile(wrong) == nil)
        wrong[34] = 16
        for place in 16..<20 { wrong[place] = 0xFF }
        #expect(WaveFile(wrong) == nil)
    }

    @Test("A sine of full scale reaches 0 dB in the row of its frequency and nowhere else")
    func spectrogram() {
        let frequency = 1500.0
        let samples = (0..<24_000).map { Float(sin(2 * Double.pi * frequency * Double($0) / 24_000)) }
        let found = Spectrogram(WaveFile(sampleRate: 24_000, samples: samples), seconds: 1)
        #expect(abs(found.rmsLevel + 3.0103) < 0.001)
        let column = (0..<Spectrogram.rowCount).map { found.levels[$0 * Spectrogram.columnCount + 100] }
        let peak = column.indices.max { column[$0] < column[$1] } ?? 0
        #expect(abs(column[peak]) < 0.01)
        // 2595 log10(1 + f / 700) at 1500 Hz over the same at 12 kHz, from the top.
        let share = log10(1 + frequency / 700) / log10(1 + 12_000 / 700)
        #expect(abs(Double(peak) - Double(Spectrogram.rowCount) * (1 - share)) < 2)
        #expect(column.indices.filter { abs($0 - peak) > 4 }.allSatisfy { column[$0] < -60 })
    }

    @Test("Harm is the mean share of other segments that are better; ties share")
    func harm() {
        let a = Sample.segments([3, 1, 2, 2], id: "a.stoi", direction: .higher)
        let b = Sample.segments([0, 0, 0, 5], id: "b.lsd", direction: .lower)
        let table = SegmentTable([a, b], judged: [])
        let expected = [(0.0 + 1.0 / 3) / 2, (1 + 1.0 / 3) / 2, (0.5 + 1.0 / 3) / 2, (0.5 + 1) / 2]
        for (row, harm) in zip(table.rows, expected) { #expect(abs((row.harm ?? -1) - harm) < 1e-12) }
        #expect(table.worstFirst == [3, 1, 2, 0])
        #expect(SegmentTable([a, b], judged: ["b.lsd"]).worstFirst.first == 3)
    }

    @Test(
        "The version in an id is what stands before the metric",
        arguments: [
            ("roundtrip.encodec.6kbps.stoi.classic", "stoi.classic", "encodec 6kbps"),
            ("griffinlim.dense.stoi", "stoi.classic", "griffinlim dense"), ("alone", "alone", "alone"),
        ])
    func version(id: String, variant: String, expected: String) {
        let plan = FindingPlan(
            id: id, check: "c", phase: 2, title: "t", unit: "1", variant: variant, direction: .higher)
        #expect(SegmentTable.version(plan) == expected)
    }

    @Test(
        "Clock times carry over from tenths to minutes",
        arguments: [(0.0, "0:00.0"), (59.96, "1:00.0"), (754.25, "12:34.3")])
    func clock(seconds: Double, expected: String) { #expect(SegmentTable.clock(seconds) == expected) }

    @Test("Curves lie on a logarithmic axis with the constant's line, and on a plain one when a value is not above 0")
    func curves() throws {
        func chart(_ values: [[Double]]) -> CurveChart? {
            let plan = FindingPlan(
                id: "training.loss", check: "c", phase: 3, title: "t", unit: "1", variant: "v", direction: .lower)
            let curves = values.map { Finding.Curve("part", $0) }
            return CurveChart.all([Finding(plan, .value(1), curves: curves)]).first
        }
        let logarithmic = try #require(chart([[100, 10, 1], [1, 100]]))
        #expect(logarithmic.lines[0].path == "M0.0 9.1L500.0 100.0L1000.0 190.9")
        #expect(logarithmic.constant == "M0.0 190.9L1000.0 190.9")
        #expect(logarithmic.low == "1" && logarithmic.high == "100" && logarithmic.count == "3")
        let plain = try #require(chart([[0, 50, 100]]))
        #expect(plain.lines[0].path.contains("L500.0 100.0") && plain.constant == nil)
        #expect(chart([[1]]) == nil && chart([]) == nil)
    }

    @Test("A bar shows value, interval and line in their order, and the passing side")
    func bar() throws {
        let values = (0..<40).map { (index: Int) -> Double? in
            let step = Double(index * 7 % 11 - 5)
            return 10 + 0.2 * step
        }
        let result = try Sample.result(
            [Sample.segments(values)], ["statistic": "mean", "comparison": "atLeast", "threshold": "8"])
        let bar = try #require(IntervalBar(result.judgements[0]))
        let interval = try #require(bar.intervals.first)
        #expect(bar.lines.count == 1 && bar.lines[0] < interval.from)
        #expect(interval.from < bar.value && bar.value < interval.to)
        #expect(bar.good.first?.from == bar.lines[0] && bar.good.first?.to == 100)
    }
}
