internal import Foundation

extension [UInt8] {
    /// The text that stands for these bytes in a page.
    var base64: String { Data(self).base64EncodedString() }
}
