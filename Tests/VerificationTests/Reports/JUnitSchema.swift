import CLibXML
import Foundation
import TestSupport
import Testing

/// The schema file of the test folder, applied by libxml2.
enum JUnitSchema {
    private static var file: String {
        Repository.root.appendingPathComponent("Tests/Schemas/junit-10.xsd").path
    }

    /// What libxml2 finds wrong: 0 for a valid document, its error code otherwise, -1 where it is no XML at all.
    static func problem(_ bytes: [UInt8]) throws -> Int32 {
        let parser = try #require(xmlSchemaNewParserCtxt(file))
        defer { xmlSchemaFreeParserCtxt(parser) }
        let schema = try #require(xmlSchemaParse(parser), "the schema itself is wrong")
        defer { xmlSchemaFree(schema) }
        let context = try #require(xmlSchemaNewValidCtxt(schema))
        defer { xmlSchemaFreeValidCtxt(context) }
        // What is wrong is the caller's to say; libxml2 would print it.
        xmlSchemaSetValidStructuredErrors(context, { _, _ in }, nil)
        let quiet = Int32(XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue | XML_PARSE_NONET.rawValue)
        let document = bytes.withUnsafeBytes { raw in
            xmlReadMemory(raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count), "junit.xml", nil, quiet)
        }
        guard let document else { return -1 }
        defer { xmlFreeDoc(document) }
        return xmlSchemaValidateDoc(context, document)
    }
}
