import NumericCore

/// The one relation behind a convolution, its transpose and all their gradients.
///
/// A *short* sequence of rows and a *long* one are tied by taps: short(t) meets long(t stride + j - padding) through tap
/// j. A convolution reads the long side and writes the short one, a transposed convolution the reverse. Weights are
/// stored as (short, long, tap) in both, which are PyTorch's orders for the two layers.
struct TapProduct: Sendable, Equatable {
    /// Channels of the short side.
    let shortChannels: Int
    /// Channels of the long side.
    let longChannels: Int
    /// K: taps.
    let kernelSize: Int
    /// Long rows from one short row to the next.
    let stride: Int
    /// Rows of zeros before and after the long side.
    let padding: Int

    /// Sizes for one batch.
    ///
    /// Both sides are laid out with a pitch of so many short rows a sequence that the rows one tap meets are `stride`
    /// long rows apart through the whole batch. Rows between sequences are zeros or scratch.
    struct Extent {
        let batch: Int
        let longLength: Int
        let shortLength: Int
        let pitch: Int
        /// Rows on which the products run.
        let rows: Int
    }

    func extent(batch: Int, longLength: Int, shortLength: Int) -> Extent {
        let padded = max(longLength + 2 * padding, (shortLength - 1) * stride + kernelSize)
        let pitch = (padded + stride - 1) / stride
        return Extent(
            batch: batch, longLength: longLength, shortLength: shortLength, pitch: pitch,
            rows: batch == 0 ? 0 : (batch - 1) * pitch + shortLength)
    }

    /// Long rows as they are plus zeros between; (batch pitch stride) rows and room for the last window.
    func paddedLong(_ long: [Float], _ extent: Extent) -> [Float] {
        var result = emptyLong(extent)
        let count = extent.longLength * longChannels
        result.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in 0..<extent.batch {
                let target = base + (index * extent.pitch * stride + padding) * longChannels
                copy(long, from: index * count, count: count, to: target)
            }
        }
        return result
    }

    private func emptyLong(_ extent: Extent) -> [Float] {
        [Float](repeating: 0, count: (extent.batch * extent.pitch * stride + kernelSize) * longChannels)
    }

    private func copy(_ source: [Float], from start: Int, count: Int, to target: UnsafeMutablePointer<Float>) {
        source.withUnsafeBufferPointer {
            if let base = $0.baseAddress { target.update(from: base + start, count: count) }
        }
    }

    /// Copies the real rows out of a padded long side.
    func unpadLong(_ padded: [Float], _ extent: Extent, into long: UnsafeMutablePointer<Float>) {
        padded.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in 0..<extent.batch {
                let source = base + (index * extent.pitch * stride + padding) * longChannels
                (long + index * extent.longLength * longChannels).update(
                    from: source, count: extent.longLength * longChannels)
            }
        }
    }

    /// Short rows at `pitch`, zeros between.
    func pitchedShort(_ short: [Float], _ extent: Extent) -> [Float] {
        var result = [Float](repeating: 0, count: extent.batch * extent.pitch * shortChannels)
        let count = extent.shortLength * shortChannels
        result.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in 0..<extent.batch {
                copy(short, from: index * count, count: count, to: base + index * extent.pitch * shortChannels)
            }
        }
        return result
    }

    /// The real short rows of a pitched side.
    func unpitchShort(_ pitched: [Float], _ extent: Extent, into short: UnsafeMutablePointer<Float>) {
        let count = extent.shortLength * shortChannels
        pitched.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in 0..<extent.batch {
                (short + index * count).update(from: base + index * extent.pitch * shortChannels, count: count)
            }
        }
    }

    /// Weights (short, long, tap) as one (short, long) matrix a tap.
    func taps(_ weight: UnsafePointer<Float>) -> [Float] {
        let (plane, taps) = (shortChannels * longChannels, kernelSize)
        return Rows.make(count: plane * taps) {
            TrainingKernels.transpose(weight, rows: plane, columns: taps, into: $0)
        }
    }

    /// target = beta target + the planes of a tap-wise gradient, back in the order (short, long, tap).
    func addTaps(_ planes: [Float], into target: UnsafeMutablePointer<Float>, beta: Float) {
        let (plane, taps) = (shortChannels * longChannels, kernelSize)
        planes.withUnsafeBufferPointer { planes in
            guard let base = planes.baseAddress else { return }
            guard beta != 0 else {
                return TrainingKernels.transpose(base, rows: taps, columns: plane, into: target)
            }
            for tap in 0..<taps {
                for index in 0..<plane { target[index * taps + tap] += base[tap * plane + index] }
            }
        }
    }

    /// short(t) = sum over j of long(t stride + j) W_j^T, on all `extent.rows` pitched rows.
    func gather(_ long: [Float], taps: [Float], _ extent: Extent) -> [Float] {
        Rows.make(count: extent.batch * extent.pitch * shortChannels) { short in
            let target = MutableMatrixView(short, rowCount: extent.rows, columnCount: shortChannels)
            taps.withUnsafeBufferPointer { taps in
                guard let taps = taps.baseAddress else { return }
                forEachTap(of: long, extent) { tap, rows in
                    target.setProduct(rows, plane(taps, tap), transposingRight: true, beta: tap == 0 ? 0 : 1)
                }
            }
        }
    }

    /// long(t stride + j) += short(t) W_j for all taps; gives the padded long side.
    func scatter(_ short: [Float], taps: [Float], _ extent: Extent) -> [Float] {
        var result = emptyLong(extent)
        let rowStride = stride * longChannels
        result.withUnsafeMutableBufferPointer { long in
            short.withUnsafeBufferPointer { short in
                taps.withUnsafeBufferPointer { taps in
                    guard let long = long.baseAddress, let short = short.baseAddress, let taps = taps.baseAddress
                    else { return }
                    let rows = MatrixView(short, rowCount: extent.rows, columnCount: shortChannels)
                    for tap in 0..<kernelSize {
                        MutableMatrixView(
                            long + tap * longChannels, rowCount: extent.rows, columnCount: longChannels,
                            rowStride: rowStride
                        ).setProduct(rows, plane(taps, tap), beta: 1)
                    }
                }
            }
        }
        return result
    }

    /// The gradient of every W_j: short^T long, over pitched rows whose gaps are zero on the short side.
    func tapGradients(short: [Float], long: [Float], _ extent: Extent) -> [Float] {
        Rows.make(count: kernelSize * shortChannels * longChannels) { planes in
            short.withUnsafeBufferPointer { short in
                guard let short = short.baseAddress else { return }
                let rows = MatrixView(short, rowCount: extent.rows, columnCount: shortChannels)
                forEachTap(of: long, extent) { tap, long in
                    MutableMatrixView(
                        planes + tap * shortChannels * longChannels, rowCount: shortChannels, columnCount: longChannels
                    ).setProduct(rows, long, transposingLeft: true)
                }
            }
        }
    }

    private func plane(_ taps: UnsafePointer<Float>, _ tap: Int) -> MatrixView {
        MatrixView(taps + tap * shortChannels * longChannels, rowCount: shortChannels, columnCount: longChannels)
    }

    /// Calls `body` with the long rows that each tap meets.
    private func forEachTap(of long: [Float], _ extent: Extent, _ body: (Int, MatrixView) -> Void) {
        long.withUnsafeBufferPointer { long in
            guard let long = long.baseAddress else { return }
            for tap in 0..<kernelSize {
                let base = long + tap * longChannels
                body(
                    tap,
                    MatrixView(
                        base, rowCount: extent.rows, columnCount: longChannels, rowStride: stride * longChannels))
            }
        }
    }
}
