internal import Mustache

/// The page's parts as they are built into the program.
enum ReportTemplates {
    /// Fills the templates.
    ///
    /// - Throws: When a built-in template cannot be parsed, which tests rule out.
    static func render(_ page: ReportPage) throws -> String {
        var library = MustacheLibrary()
        for (name, bytes) in parts { try library.register(text(bytes), named: name) }
        return try MustacheTemplate(string: text(PackageResources.report_mustache)).render(page, library: library)
    }

    static var style: String { text(PackageResources.report_css) }

    static var script: String {
        [
            PackageResources.data_js, PackageResources.player_js, PackageResources.blind_js,
            PackageResources.explorer_js,
        ].map(text).joined(separator: "\n")
    }

    private static var parts: [(String, [UInt8])] {
        [
            ("opening", PackageResources.opening_mustache),
            ("gates", PackageResources.gates_mustache), ("bar", PackageResources.bar_mustache),
            ("charts", PackageResources.charts_mustache), ("segments", PackageResources.segments_mustache),
            ("findings", PackageResources.findings_mustache),
        ]
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
