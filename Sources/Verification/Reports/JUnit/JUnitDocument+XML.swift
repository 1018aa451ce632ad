internal import Foundation

extension JUnitDocument {
    /// The document as XML; equal documents give equal bytes.
    ///
    /// - Parameter profile: How much it holds.
    /// - Returns: UTF-8 text.
    /// - Throws: ``JUnitError``.
    func xml(_ profile: JUnitProfile) throws(JUnitError) -> [UInt8] {
        let writer = try XMLWriter()
        let attributes: KeyValuePairs<String, String?> = [
            "name": name, "tests": "\(caseCount)", "failures": "\(count(\.isFailure))",
            "errors": "\(count(\.isError))", "time": Self.time(seconds),
        ]
        writer.element("testsuites", attributes) {
            for suite in suites { write(suite, writer, profile) }
        }
        return try writer.finish()
    }

    private func write(_ suite: Suite, _ writer: XMLWriter, _ profile: JUnitProfile) {
        let attributes: KeyValuePairs<String, String?> = [
            "name": suite.name, "tests": "\(suite.cases.count)", "failures": "\(suite.count(\.isFailure))",
            "errors": "\(suite.count(\.isError))", "skipped": "\(suite.count(\.isSkipped))",
            "time": Self.time(suite.seconds), "timestamp": timestamp.isEmpty ? nil : timestamp,
        ]
        writer.element("testsuite", attributes) {
            Self.write(suite.properties, writer)
            for item in suite.cases { Self.write(item, writer, profile) }
        }
    }

    private static func write(_ item: Case, _ writer: XMLWriter, _ profile: JUnitProfile) {
        let attributes: KeyValuePairs<String, String?> = [
            "classname": item.classname, "name": item.name, "time": time(item.seconds),
        ]
        writer.element("testcase", attributes) {
            if profile == .rich {
                write(item.properties + item.attachments.map { .init(name: "attachment", value: $0) }, writer)
            }
            write(item.outcome, writer)
            guard profile == .rich, !item.attachments.isEmpty else { return }
            writer.element("system-out", [:]) {
                writer.text(item.attachments.map { "[[ATTACHMENT|\($0)]]\n" }.joined())
            }
        }
    }

    private static func write(_ outcome: Outcome, _ writer: XMLWriter) {
        switch outcome {
        case .passed: break
        case .failure(let message, let body):
            writer.element("failure", ["message": XMLText.oneLine(message), "type": "gate"]) { writer.text(body) }
        case .error(let message, let body):
            writer.element("error", ["message": XMLText.oneLine(message), "type": "measurement"]) { writer.text(body) }
        case .skipped(let message): writer.element("skipped", ["message": XMLText.oneLine(message)])
        }
    }

    private static func write(_ properties: [RunInfo.Fact], _ writer: XMLWriter) {
        guard !properties.isEmpty else { return }
        writer.element("properties", [:]) {
            for fact in properties {
                writer.element("property", ["name": XMLText.oneLine(fact.name), "value": XMLText.oneLine(fact.value)])
            }
        }
    }

    /// Seconds with three decimals, which is all that the schema allows; a clock that went backwards gives 0.
    private static func time(_ seconds: Double) -> String {
        String(format: "%.3f", seconds.isFinite ? max(0, seconds) : 0)
    }
}
