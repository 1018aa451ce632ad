internal import NumericCore

/// What tells an array from every other: its kind of number, its shape and the SHA-256 of its elements.
struct ArrayIdentity: Sendable, Equatable {
    let elementType: ArrayElementType
    let shape: [Int]
    let sha256: String

    /// Holds an array in memory against this one.
    func verify(_ array: NumericArray) throws(FeatureError) {
        try require(array.elementType, array.shape, path: array.origin)
        try require(SHA256.hexadecimal(of: array.bytes), path: array.origin)
    }

    /// Holds an array in a file against this one, a few rows at a time.
    func verify(_ rows: NpyRows, path: String) throws(FeatureError) {
        try require(rows.elementType, rows.shape, path: path)
        var hash = SHA256()
        let step = max(1, (1 << 20) / max(rows.columnCount * rows.elementType.byteCount, 1))
        for start in stride(from: 0, to: rows.rowCount, by: step) {
            hash.update(
                try wrap { () throws(ArrayFileError) in
                    try rows.bytes(start..<min(start + step, rows.rowCount))
                })
        }
        try require(hash.hexadecimal, path: path)
    }

    private func require(_ type: ArrayElementType, _ found: [Int], path: String) throws(FeatureError) {
        guard type == elementType, found == shape else {
            throw .badArray(
                path: path,
                problem: "is \(type.rawValue) of shape \(found), but its manifest says "
                    + "\(elementType.rawValue) of shape \(shape); keep an array and its manifest together")
        }
    }

    private func require(_ found: String, path: String) throws(FeatureError) {
        guard found == sha256 else {
            throw .badArray(
                path: path,
                problem:
                    "has SHA-256 \(found.prefix(12)), but its manifest says \(sha256.prefix(12)); the array was "
                    + "changed after it was made, make it again or remove the manifest and give --format")
        }
    }
}
