internal import CLibXML
public import NumericCore

extension SystemLibrary {
    /// libxml2.
    public static var libxml: SystemLibrary {
        let text = shim_xml_version().map { String(cString: $0) } ?? ""
        guard let digits = Int(text.prefix { $0.isNumber }) else {
            return SystemLibrary(name: "libxml2", version: text)
        }
        // Two digits each for minor and micro version.
        return SystemLibrary(name: "libxml2", version: "\(digits / 10000).\(digits / 100 % 100).\(digits % 100)")
    }
}
