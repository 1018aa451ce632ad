import NumericCore

/// The only names a pickle may mention; each has a meaning here and none is looked up or called.
enum PickleGlobal: Sendable, Equatable {
    /// `collections.OrderedDict`, read as a dictionary.
    case orderedDictionary
    /// `torch._utils._rebuild_tensor_v2`.
    case rebuildTensor
    /// `torch._utils._rebuild_parameter`, read as the tensor inside.
    case rebuildParameter
    /// `torch.Size`, read as a tuple.
    case size
    /// `torch.<kind>Storage`.
    case storage(ArrayElementType)

    /// Nil for every name not listed.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("torch", _):
            guard let type = Self.storages[name] else { return nil }
            self = .storage(type)
        default: return nil
        }
    }

    private static let storages: [String: ArrayElementType] = [
        "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
        "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
        "ByteStorage": .uint8, "BoolStorage": .bool,
    ]
}
