import FeaturePipeline
import NumericCore

extension Dataset {
    /// SHA-256 of everything that training reads, and of the split.
    var digest: String {
        var hash = SHA256()
        func add<Element>(_ name: String, _ tensor: Tensor<Element>?) {
            guard let tensor else { return }
            hash.update(Array("\(name) \(tensor.shape) ".utf8))
            hash.update(tensor.elements.withUnsafeBytes { Array($0) })
        }
        switch audio {
        case .codes(let codes): add("codes", codes)
        case .mel(let mel): add("mel", mel)
        }
        add("fmri", fmri)
        add("video", video)
        add("text", text)
        hash.update(Array("\(report.training.rows) \(report.validation.rows)".utf8))
        return hash.hexadecimal
    }
}
