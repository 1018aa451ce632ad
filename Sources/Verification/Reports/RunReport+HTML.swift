public import Foundation

extension RunReport {
    /// The run as one self-contained HTML page of at most 10 MB, readable without JavaScript and without a network.
    ///
    /// Sounds that findings carry are embedded for the segments that matter most, as far as the page's size allows;
    /// the others are linked by their relative paths. Equal runs with equal files give equal bytes.
    ///
    /// - Parameter folder: The folder of results.json, in which attachments lie; without it they are linked only.
    /// - Returns: The page.
    /// - Throws: When a built-in template cannot be parsed.
    public func html(attachments folder: URL? = nil) throws -> String {
        try ReportTemplates.render(ReportPage(self, media: ReportMedia(folder: folder)))
    }
}
