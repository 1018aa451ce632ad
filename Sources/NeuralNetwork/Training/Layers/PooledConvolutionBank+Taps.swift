import NumericCore

/// The products: tap d of a kernel of size k is its element d + k / 2, and meets the rows that lie d further.
extension PooledConvolutionBank {
    /// The first kernel that reaches as far as tap `distance`; the later ones, larger, all do.
    private func firstScale(reaching distance: Int) -> Int {
        scales.firstIndex { $0.kernelSize / 2 >= distance.magnitude } ?? scales.count
    }

    /// Taps from the middle outwards, so that the first one writes every channel.
    private var taps: [Int] { [0] + (1...max(1, padding)).filter { $0 <= padding }.flatMap { [-$0, $0] } }

    /// Sums for every row of the span.
    func convolve(_ rows: PaddedRows, _ state: ModelState) -> [Float] {
        Rows.make(count: rows.spanCount * channelCount) { sums in
            rows.elements.withUnsafeBufferPointer { input in
                guard let input = input.baseAddress else { return }
                for tap in taps {
                    let weights = matrix(ofTap: tap, state)
                    let first = firstScale(reaching: tap) * width
                    weights.withUnsafeBufferPointer { weights in
                        guard let weights = weights.baseAddress else { return }
                        target(sums, rows, first).setProduct(
                            view(input, rows, tap),
                            MatrixView(weights, rowCount: channelCount - first, columnCount: inputCount),
                            transposingRight: true, beta: tap == 0 ? 0 : 1)
                    }
                }
            }
        }
    }

    /// The gradient of the rows from that of the sums.
    func spread(_ gradient: [Float], _ rows: PaddedRows, _ state: ModelState) -> PaddedRows {
        var result = PaddedRows(
            batchCount: rows.batchCount, length: rows.length, padding: rows.padding, channelCount: inputCount)
        result.elements.withUnsafeMutableBufferPointer { output in
            gradient.withUnsafeBufferPointer { gradient in
                guard let output = output.baseAddress, let gradient = gradient.baseAddress else { return }
                for tap in taps {
                    let first = firstScale(reaching: tap) * width
                    matrix(ofTap: tap, state).withUnsafeBufferPointer { weights in
                        guard let weights = weights.baseAddress else { return }
                        MutableMatrixView(
                            output + (padding + tap) * inputCount, rowCount: rows.spanCount, columnCount: inputCount
                        ).setProduct(
                            view(gradient, rows, first: first),
                            MatrixView(weights, rowCount: channelCount - first, columnCount: inputCount), beta: 1)
                    }
                }
            }
        }
        return result
    }

    /// The gradients of all kernels from that of the sums.
    func accumulateWeights(_ gradient: [Float], _ rows: PaddedRows, into gradients: inout Gradients) {
        var isFirst = true
        for tap in taps {
            let first = firstScale(reaching: tap)
            let plane = Rows.make(count: (channelCount - first * width) * inputCount) { plane in
                gradient.withUnsafeBufferPointer { gradient in
                    rows.elements.withUnsafeBufferPointer { input in
                        guard let gradient = gradient.baseAddress, let input = input.baseAddress else { return }
                        MutableMatrixView(plane, rowCount: channelCount - first * width, columnCount: inputCount)
                            .setProduct(
                                view(gradient, rows, first: first * width), view(input, rows, tap),
                                transposingLeft: true)
                    }
                }
            }
            for (index, scale) in scales.enumerated().dropFirst(first) {
                add(plane, from: (index - first) * width, tap: tap, to: scale, isFirst: isFirst, &gradients)
            }
            isFirst = false
        }
    }

    /// Adds one tap's plane to a kernel's gradient (output, input, tap); the first tap clears what meant nothing.
    private func add(
        _ plane: [Float], from row: Int, tap: Int, to scale: Scale, isFirst: Bool, _ gradients: inout Gradients
    ) {
        let (count, size, column) = (width * inputCount, scale.kernelSize, tap + scale.kernelSize / 2)
        gradients.accumulate(scale.weight) { target, beta in
            if isFirst, beta == 0 { target.update(repeating: 0, count: count * size) }
            plane.withUnsafeBufferPointer { plane in
                let start = row * inputCount
                for index in 0..<count { target[index * size + column] += plane[start + index] }
            }
        }
    }

    /// Weights of a tap of every kernel that reaches it: (channels, inputs).
    private func matrix(ofTap tap: Int, _ state: ModelState) -> [Float] {
        let reaching = scales.dropFirst(firstScale(reaching: tap))
        let count = width * inputCount
        return Rows.make(count: reaching.count * count) { output in
            for (index, scale) in reaching.enumerated() {
                let (size, column) = (scale.kernelSize, tap + scale.kernelSize / 2)
                state.withParameter(scale.weight) { weight in
                    let target = output + index * count
                    for element in 0..<count { target[element] = weight[element * size + column] }
                }
            }
        }
    }

    private func view(_ input: UnsafePointer<Float>, _ rows: PaddedRows, _ tap: Int) -> MatrixView {
        MatrixView(
            input + (padding + tap) * inputCount, rowCount: rows.spanCount, columnCount: inputCount)
    }

    private func view(_ sums: UnsafePointer<Float>, _ rows: PaddedRows, first: Int) -> MatrixView {
        MatrixView(
            sums + first, rowCount: rows.spanCount, columnCount: channelCount - first, rowStride: channelCount)
    }

    private func target(_ sums: UnsafeMutablePointer<Float>, _ rows: PaddedRows, _ first: Int) -> MutableMatrixView {
        MutableMatrixView(
            sums + first, rowCount: rows.spanCount, columnCount: channelCount - first, rowStride: channelCount)
    }
}
