internal import Foundation

/// Files beside the report, and how many of their bytes may go into the page.
struct ReportMedia {
    /// Base64 characters that pictures may take: the index part of a page stays below 5 MB.
    static let pictureBudget = 2_600_000
    /// Base64 characters that sound may take: a page stays below 10 MB.
    static let audioBudget = 4_800_000
    /// Larger files are linked only.
    private static let fileLimit = 64 << 20

    private let folder: URL?
    private var pictureRest = pictureBudget
    private var audioRest = audioBudget

    init(folder: URL?) { self.folder = folder }

    /// The bytes of an attachment, or why there are none.
    func bytes(_ attachment: Finding.Attachment) -> (bytes: [UInt8]?, problem: String?) {
        guard let folder else { return (nil, nil) }
        let url = folder.appendingPathComponent(attachment.path)
        // A link could lead out of the folder that the path stays in.
        let place = url.resolvingSymlinksInPath().path
        guard place.hasPrefix(folder.resolvingSymlinksInPath().path + "/") else {
            return (nil, "\(attachment.path) leads out of the report's folder")
        }
        do {
            let size = try FileManager.default.attributesOfItem(atPath: place)[.size] as? Int ?? 0
            guard size <= Self.fileLimit else { return (nil, nil) }
            return (Array(try Data(contentsOf: url)), nil)
        } catch { return (nil, "\(attachment.path) cannot be read") }
    }

    /// Takes bytes from a budget, all or nothing.
    private static func take(_ count: Int, from rest: inout Int) -> Bool {
        guard count <= rest else { return false }
        rest -= count
        return true
    }

    /// Texts of pictures, when they all fit.
    mutating func embed(pictures: [[UInt8]]) -> [String]? {
        let texts = pictures.map(\.base64)
        return Self.take(texts.reduce(0) { $0 + $1.utf8.count }, from: &pictureRest) ? texts : nil
    }

    /// Texts of sounds, when they all fit: versions are compared, so half of them are of no use.
    mutating func embed(sounds: [WaveFile]) -> [String]? {
        // Four characters for three bytes, before anything is encoded.
        let size = sounds.reduce(0) { $0 + ($1.samples.count * 2 + 46) / 3 * 4 + 24 }
        return Self.take(size, from: &audioRest) ? sounds.map { $0.encoded.base64 } : nil
    }
}

extension Finding.Attachment {
    /// The path as a relative link.
    var link: String { path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "" }
}
