import NumericCore

/// A storage member of a PyTorch zip.
struct TorchStorage: Sendable, Equatable {
    let key: String
    let elementType: ArrayElementType
    /// Number of elements.
    let count: Int
}

/// A tensor as the pickle describes it: a strided window on a storage, checked to lie inside.
struct TorchTensorView: Sendable {
    let storage: TorchStorage
    /// Position of the first element in the storage, in elements.
    let offset: Int
    let shape: [Int]
    let strides: [Int]

    /// The window, or why the numbers describe none; nothing is allocated.
    static func checked(
        _ storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]
    ) -> Result<TorchTensorView, Reason> {
        guard shape.count == strides.count, shape.count <= ArrayExtents.maximumRank else {
            return .failure("shape \(shape) and strides \(strides) do not belong together")
        }
        guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }), storage.count >= 0 else {
            return .failure("offset \(offset), shape \(shape) and strides \(strides) have a negative number")
        }
        var count = 1
        var last = offset
        for (extent, stride) in zip(shape, strides) {
            let (product, tooMany) = count.multipliedReportingOverflow(by: max(1, extent))
            let (reach, tooFar) = (max(1, extent) - 1).multipliedReportingOverflow(by: stride)
            let (sum, outside) = last.addingReportingOverflow(reach)
            guard !tooMany, !tooFar, !outside else { return .failure("shape \(shape) has too many elements") }
            (count, last) = (product, sum)
        }
        let isEmpty = shape.contains(0)
        guard isEmpty ? offset <= storage.count : last < storage.count else {
            return .failure(
                "offset \(offset), shape \(shape), strides \(strides) leave storage \(storage.key) of \(storage.count)")
        }
        // A view that repeats elements (stride 0) can be far larger than the file; no checkpoint needs one.
        guard isEmpty || count <= storage.count else {
            return .failure("shape \(shape) repeats elements of a storage of \(storage.count)")
        }
        let dense = isEmpty ? ArrayExtents.strides(of: shape) : strides
        return .success(TorchTensorView(storage: storage, offset: offset, shape: shape, strides: dense))
    }

    /// Why a window is refused.
    struct Reason: Error, ExpressibleByStringInterpolation {
        let text: String
        init(stringLiteral value: String) { text = value }
    }
}
