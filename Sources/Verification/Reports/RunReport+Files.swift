public import Foundation

extension RunReport {
    /// Everything but results.json that a run leaves in its folder, by name: report.html, junit.xml and summary.md.
    ///
    /// - Parameters:
    ///   - profile: How much junit.xml holds.
    ///   - folder: Where the findings' attachments lie; nil leaves sound and pictures out of the page.
    /// - Returns: For `RunFolder.finish`.
    /// - Throws: ``JUnitError``, or the template's error.
    public func files(junit profile: JUnitProfile = .strict, attachments folder: URL? = nil) throws -> [String: Data] {
        [
            "report.html": Data(try html(attachments: folder).utf8), "junit.xml": Data(try junit(profile)),
            "summary.md": Data(markdown().utf8),
        ]
    }
}
