import Foundation
import TestSupport
import Testing

@testable import NumericCore
@testable import Verification

/// The page as a reader without JavaScript, and a script, find it.
struct ReportPageTests {
    private static let hostile = " <script>alert(1)</script>\"'&{{verdict}}</td>"

    @Test("The page is well formed, its ids are unique and its inner links lead somewhere", arguments: [true, false])
    func wellFormed(isFailing: Bool) throws {
        let fixture = ReportFixture(hostile: Self.hostile, isFailing: isFailing)
        let page = PageOutline(try fixture.report(soundCount: 3).html())
        #expect(page.problems == [])
        let ids = page.elements.compactMap { $0.attributes["id"] }
        #expect(ids.count == Set(ids).count && ids.count > 30)
        let targets = page.elements.compactMap { $0.attributes["href"] }.filter { $0.hasPrefix("#") }
            .map { String($0.dropFirst()) }
        let dangling = targets.filter { !$0.hasPrefix("seg=") && !ids.contains($0) }
        #expect(dangling == [] && targets.contains { $0.hasPrefix("seg=") } == isFailing)
    }

    @Test("Texts of findings, gates and facts stay texts: no element, attribute or template of theirs comes to life")
    func escaping() throws {
        let html = try ReportFixture(hostile: Self.hostile).report().html()
        let plain = try ReportFixture().report().html()
        #expect(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert(1)"))
        #expect(html.contains("{{verdict}}"), "a template inside a title is not filled")
        let names = { (text: String) in PageOutline(text).elements.map(\.name) }
        #expect(names(html) == names(plain))
    }

    @Test("Losses are drawn from the first epoch to the last, larger ones further up, and said in words")
    func curves() throws {
        let page = PageOutline(try ReportFixture().report().html())
        let paths = page.elements.filter { $0.name == "path" && $0.attributes["class"] == "first" }
            .compactMap { $0.attributes["d"] }
        #expect(paths.count == 1)
        // The logarithmic axis goes from 0.25 to 1.25 with a twentieth of air; 0.5 lies as far from 1 as from 0.25.
        #expect(paths.first == "M0.0 34.3L500.0 112.6L1000.0 190.9")
        let drawing = try #require(page.elements.first { $0.attributes["aria-label"]?.hasPrefix("trained") == true })
        #expect(drawing.attributes["aria-label"]?.contains("1 at first, 0.25 at best, 0.25 at last") == true)
        #expect(page.element(id: "curves") != nil)
    }

    @Test("Nothing on the page is fetched from a network")
    func offline() throws {
        let page = PageOutline(try ReportFixture().report(soundCount: 3).html())
        let links = page.elements.flatMap { [$0.attributes["src"], $0.attributes["href"]].compactMap(\.self) }
        #expect(links.allSatisfy { !$0.contains("//") || $0.hasPrefix("data:") } && links.count > 20)
        let policy = page.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
        #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'") == true)
    }

    @Test("Without JavaScript every gate shows its title, decision, reason and line", arguments: [true, false])
    func gates(isFailing: Bool) throws {
        let report = try ReportFixture(isFailing: isFailing).report()
        let page = PageOutline(try report.html())
        for result in report.shownGates {
            let row = try #require(page.element(id: "gate-\(result.gate.id)"))
            #expect(row.text.contains(result.decision.rawValue) && row.text.contains(result.gate.title))
            let others = Decision.allCases.filter { $0 != result.decision }.map(\.rawValue)
            #expect(!others.contains { row.text.contains($0) })
        }
        let all = page.elements.filter { $0.name == "tr" }.map(\.text).joined()
        for result in report.shownGates { #expect(all.contains(result.gate.reason)) }
    }

    @Test("The first screen says what the verdict object says", arguments: [true, false])
    func verdict(isFailing: Bool) throws {
        let report = try ReportFixture(isFailing: isFailing).report()
        let page = PageOutline(try report.html())
        #expect(report.verdict.overall == (isFailing ? .doNot : .cannotTell))
        #expect(page.element(id: "verdict")?.text.hasSuffix(report.verdict.overall.rawValue) == true)
        let opening = try #require(page.element(id: "decision")).text
        #expect(opening.contains(report.verdict.summary))
        for reason in report.verdict.reasons { #expect(opening.contains(escaped(reason.text))) }
        for worse in report.verdict.worse.prefix(3) { #expect(opening.contains(escaped(worse.text))) }
        for gap in report.verdict.gaps.prefix(3) { #expect(opening.contains(escaped(gap.text))) }
        #expect(opening.contains("would settle it") == !isFailing)
        if let next = report.verdict.nextMeasurement { #expect(opening.contains(escaped(next))) }
    }

    private func escaped(_ text: String) -> String { text.replacing("&", with: "&amp;").replacing("'", with: "&#39;") }

    @Test("A 23-minute film of 700 segments, 20 metrics and 8 versions stays below 10 MB, without sounds below 5 MB")
    func size() throws {
        let fixture = ReportFixture(segmentCount: 700, metricCount: 20)
        let plain = try fixture.report().html().utf8.count
        #expect(plain < 5_000_000)
        #expect(plain + ReportMedia.pictureBudget < 5_000_000, "the index part with all pictures that may go in")
        #expect(plain + ReportMedia.pictureBudget + ReportMedia.audioBudget < 10_000_000)
    }

    @Test("Equal runs with equal files give equal bytes; sounds are embedded for the worst segments")
    func bytes() throws {
        let folder = try TemporaryFolder()
        let fixture = ReportFixture()
        try fixture.writeSounds(count: 6, seconds: 0.5, to: folder.url)
        let report = try fixture.report(soundCount: 6)
        let html = try report.html(attachments: folder.url)
        #expect(try html == report.html(attachments: folder.url))
        let page = PageOutline(html)
        let card = try #require(page.element(id: "seg-5"))
        #expect(card.attributes["class"] == "segment")
        let sounds = page.elements.filter { $0.name == "audio" }.compactMap { $0.attributes["src"] }
        #expect(sounds.count { $0.hasPrefix("data:audio/wav;base64,") } >= 7)
        let pictures = page.elements.filter { $0.name == "img" }
        #expect(pictures.allSatisfy { $0.attributes["alt"]?.contains(" dB") == true } && pictures.count >= 13)
    }

    @Test("Missing files and links out of the folder are named, and the page goes on without them")
    func missingFiles() throws {
        let folder = try TemporaryFolder()
        let fixture = ReportFixture()
        try fixture.writeSounds(count: 6, seconds: 0.1, to: folder.url)
        try FileManager.default.removeItem(atPath: folder.path("audio/5-2.wav"))
        try FileManager.default.removeItem(atPath: folder.path("audio/5-3.wav"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("audio/5-3.wav"), withDestinationPath: "/etc/hostname")
        let text = try #require(
            PageOutline(try fixture.report(soundCount: 6).html(attachments: folder.url)).element(id: "seg-5")
        ).text
        #expect(text.contains("audio/5-2.wav cannot be read") && text.contains("audio/5-3.wav leads out"))
    }

    @Test("The packed data holds every segment value, rounded to four digits")
    func packedData() throws {
        let report = try ReportFixture(segmentCount: 33).report()
        let page = try report.html()
        let packed = try #require(page.firstMatch(of: /id="segment-data">([^<]*)</)?.1)
        let bytes = Array(try #require(Data(base64Encoded: String(packed))))
        // gzip: a head of 10 bytes, CRC-32 and length at the end (RFC 1952).
        let length = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        let json = try #require(Zlib.inflate(Array(bytes[10..<bytes.count - 8]), expectedCount: length))
        let data = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        let values = try #require(data["values"] as? [[Any]])
        let series = report.results.findings.filter { $0.outcome.segments != nil }
        #expect(values.count == series.count && (data["start"] as? [Double])?.count == 33)
        for (column, finding) in zip(values, series) {
            let numbers = try #require(finding.outcome.segments).map(\.number)
            for (found, number) in zip(column, numbers) {
                guard let number else { continue }
                let value = try #require(found as? Double)
                #expect(abs(value - number) <= 0.0006 * abs(number))
            }
        }
    }

    @Test("A run without any segment, claim or plot is a page too")
    func bare() throws {
        let report = try Sample.judge([Sample.value(0)], Sample.gates(Sample.gateText()))
        let page = PageOutline(try report.html())
        #expect(page.problems == [] && page.element(id: "segments") == nil && page.element(id: "claims") == nil)
        #expect(page.element(id: "verdict")?.text.hasSuffix("SWITCH") == true)
    }
}
