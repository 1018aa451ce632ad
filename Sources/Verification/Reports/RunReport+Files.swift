public import Foundation

extension RunReport {
    /// Everything but results.json that a run leaves in its folder, by name: report.html, junit.xml and summary.md.
    ///
    /// - Parameter profile: How much junit.xml holds.
    /// - Returns: For `RunFolder.finish`.
    /// - Throws: ``JUnitError``, or the template's error.
    public func files(junit profile: JUnitProfile = .strict) throws -> [String: Data] {
        [
            "report.html": Data(try html().utf8), "junit.xml": Data(try junit(profile)),
            "summary.md": Data(markdown().utf8),
        ]
    }
}
