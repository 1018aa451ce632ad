internal import CLibXML

/// Writes one XML document into memory through libxml2; texts are cleaned on their way in.
///
/// libxml2 keeps the state of open elements; its return codes are collected, and `finish` reports the first failure.
final class XMLWriter {
    private let buffer: xmlBufferPtr
    private let writer: xmlTextWriterPtr
    private var failure: String?

    /// Starts a document in UTF-8.
    ///
    /// - Throws: ``JUnitError`` when libxml2 has no memory for it.
    init() throws(JUnitError) {
        guard let buffer = xmlBufferCreate() else { throw JUnitError(problem: "no memory for an XML buffer") }
        guard let writer = xmlNewTextWriterMemory(buffer, 0) else {
            xmlBufferFree(buffer)
            throw JUnitError(problem: "no memory for an XML writer")
        }
        self.buffer = buffer
        self.writer = writer
        check(xmlTextWriterSetIndent(writer, 1), "indent")
        check(xmlTextWriterStartDocument(writer, nil, "UTF-8", nil), "start of the document")
    }

    deinit {
        xmlFreeTextWriter(writer)
        xmlBufferFree(buffer)
    }

    /// Writes an element with attributes, in the order given, and what `content` writes inside.
    func element(_ name: String, _ attributes: KeyValuePairs<String, String?>, content: () -> Void = {}) {
        check(xmlTextWriterStartElement(writer, name), name)
        for (key, value) in attributes {
            guard let value else { continue }
            check(xmlTextWriterWriteAttribute(writer, key, XMLText.cleaned(value)), "\(name) \(key)")
        }
        content()
        check(xmlTextWriterEndElement(writer), name)
    }

    /// Writes text inside the open element; a lone CR would be lost on reading, so line ends become LF.
    func text(_ text: String) {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
        check(xmlTextWriterWriteString(writer, XMLText.cleaned(lines)), "text")
    }

    /// Ends the document.
    ///
    /// - Returns: Its bytes.
    /// - Throws: ``JUnitError`` for the first thing that libxml2 could not write.
    func finish() throws(JUnitError) -> [UInt8] {
        check(xmlTextWriterEndDocument(writer), "end of the document")
        check(xmlTextWriterFlush(writer), "flush")
        if let failure { throw JUnitError(problem: "libxml2 could not write \(failure)") }
        guard let content = xmlBufferContent(buffer) else { throw JUnitError(problem: "libxml2 wrote nothing") }
        return Array(UnsafeBufferPointer(start: content, count: Int(xmlBufferLength(buffer))))
    }

    private func check(_ code: Int32, _ what: String) {
        if code < 0, failure == nil { failure = what }
    }
}

/// Why no junit.xml could be written.
public struct JUnitError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What libxml2 could not do.
    public let problem: String

    /// One sentence.
    public var description: String { "junit.xml cannot be made: \(problem); check the machine's memory" }
}
