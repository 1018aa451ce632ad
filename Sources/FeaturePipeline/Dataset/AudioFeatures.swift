public import NumericCore

/// The audio part of a data set, in one of the forms that models take.
public enum AudioFeatures: Sendable {
    /// Codes (TRs, codebooks, frames).
    case codes(Tensor<Int32>)
    /// Mel in dB, (TRs, mel bands, columns) or (TRs, mel bands).
    case mel(Tensor<Float>)

    /// Extents, TRs first.
    public var shape: [Int] {
        switch self {
        case .codes(let codes): codes.shape
        case .mel(let mel): mel.shape
        }
    }

    /// Takes chosen rows.
    ///
    /// - Parameter rows: TR indices, each in range.
    /// - Returns: The same form with one row an index.
    func gathering(_ rows: [Int]) -> AudioFeatures {
        switch self {
        case .codes(let codes): .codes(codes.gathering(rows))
        case .mel(let mel): .mel(mel.gathering(rows))
        }
    }

    /// Makes the form of a detected array.
    ///
    /// Flat codes become three-dimensional; `correct` drops zero-padded codebooks, `compat` keeps them.
    ///
    /// - Parameters:
    ///   - array: What was detected.
    ///   - format: What it is.
    ///   - behaviour: Whether padding is dropped.
    /// - Throws: ``FeatureError/badArray(path:problem:)`` for predictions and undecided formats.
    init(_ array: NumericArray, format: FeatureFormat, behaviour: FeatureRecipe.Behaviour) throws(FeatureError) {
        switch format {
        case .encodec(let layout), .encodecFlat(let layout):
            let codes = try wrap { () throws(ArrayFileError) in try array.int32() }
            let kept = behaviour == .correct ? layout.realCodebookCount : layout.codebookCount
            self = .codes(codes.keepingCodebooks(kept, of: layout))
        case .mel3D, .mel2D:
            self = .mel(try wrap { () throws(ArrayFileError) in try array.nearestFloat32() })
        case .melFlat(let bands, let columns):
            let mel = try wrap { () throws(ArrayFileError) in try array.nearestFloat32() }
            self = .mel(mel.reshaped(to: [mel.shape[0], bands, columns]))
        case .encodecPredictions:
            throw .badArray(
                path: array.origin, problem: "holds predicted codes, which are no target; give the codes themselves")
        case .ambiguous, .unknown:
            throw .badArray(path: array.origin, problem: "cannot be used as audio features, it is \(format)")
        }
    }
}

extension NumericArray {
    /// The elements as `Float`; doubles are rounded to the nearest, other kinds must fit exactly.
    func nearestFloat32() throws(ArrayFileError) -> Tensor<Float> {
        let decoder = ElementDecoder(elementType: elementType, origin: origin, rounding: .nearest)
        return Tensor(try decoder.float32(bytes), shape: shape)
    }
}

extension Tensor {
    /// Elements of one row.
    var rowSize: Int { shape.dropFirst().reduce(1, *) }

    /// Rows in another order, any of them any number of times.
    func gathering(_ rows: [Int]) -> Tensor {
        let size = rowSize
        var result: [Element] = []
        result.reserveCapacity(rows.count * size)
        for row in rows { result.append(contentsOf: elements[row * size..<(row + 1) * size]) }
        return Tensor(result, shape: [rows.count] + shape.dropFirst())
    }

    /// The first rows.
    func truncated(to count: Int) -> Tensor {
        Tensor(Array(elements[..<(count * rowSize)]), shape: [count] + shape.dropFirst())
    }

    /// Codes as (TRs, codebooks, frames) with the last codebooks dropped.
    func keepingCodebooks(_ count: Int, of layout: CodeLayout) -> Tensor {
        let (rows, size, kept) = (shape[0], rowSize, count * layout.framesPerTR)
        let target = [rows, count, layout.framesPerTR]
        guard kept < size else { return reshaped(to: target) }
        return Tensor((0..<rows).flatMap { elements[$0 * size..<$0 * size + kept] }, shape: target)
    }
}
