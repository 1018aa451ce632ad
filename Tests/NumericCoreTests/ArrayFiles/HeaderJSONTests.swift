import NumericCore
import Testing

struct HeaderJSONTests {
    @Test func `every kind of value is read with its text`() throws {
        let text = #" {"a" : [1, -2.5e3, true, false, null], "\u00e9\n\ud83d\ude00": {"x": "y\"\\\/"}} "#
        let value = try HeaderJSON(parsing: Array(text.utf8), path: "x")
        let list: HeaderJSON = .array([.number("1"), .number("-2.5e3"), .bool(true), .bool(false), .null])
        #expect(value["a"] == list)
        #expect(value.members?.map(\.key) == ["a", "é\n😀"])
        #expect(value["é\n😀"]?["x"]?.text == "y\"\\/")
        #expect(value["a"]?.integers == nil)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1,\"a\":2}", "[01]", "[1.]", "[.5]", "[1e]", "[+1]",
        "[NaN]",
        "[-]", "tru", "\"a", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\u00+1\"", "\"\u{1}\"", "1 2", "{1:2}",
        "[1 2]",
    ])
    func `text that is not strict JSON is refused`(text: String) {
        #expect(throws: ArrayFileError.self) { try HeaderJSON(parsing: Array(text.utf8), path: "x") }
    }

    @Test func `bytes that are not UTF-8 and endless nesting are refused`() {
        #expect(throws: ArrayFileError.self) { try HeaderJSON(parsing: [0x22, 0xFF, 0x22], path: "x") }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: ArrayFileError.self) { try HeaderJSON(parsing: deep, path: "x") }
    }
}
