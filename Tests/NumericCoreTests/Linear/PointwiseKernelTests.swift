import Foundation
import NumericCore
import TestSupport
import Testing

/// ELU, dot products, nearest entries and LSTM steps on every instruction set, compared with formulas in Double.
@Suite struct PointwiseKernelTests {
    @Test("ELU is within two units in the last place of expm1, and passes NaN on", arguments: KernelLevel.available)
    func elu(level: KernelLevel) {
        let special: [Float] = [0, -0.0, 1, -1, 1e-30, -1e-30, -1e-6, -0.3465, -0.3467, -87, -88, -1000, 1e30]
        let swept = (0..<4001).map { Float($0 - 3900) / 100 }
        for values in [special, swept, [-.infinity, .infinity], Array(swept[..<17])] {
            var result = values
            PointwiseKernels.elu(values, into: &result, count: values.count, level: level)
            for (value, found) in zip(values, result) {
                let expected = value > 0 ? Double(value) : expm1(Double(value))
                let holds =
                    Double(found) == expected || (Double(found) - expected).magnitude <= 0x1p-22 * expected.magnitude
                #expect(holds, "\(level): ELU of \(value) is \(found), not \(expected)")
            }
        }
        var result: [Float] = [0, 0, 0]
        PointwiseKernels.elu([-1, .nan, 2], into: &result, count: 3, level: level)
        #expect(result[1].isNaN && result[2] == 2)
    }

    @Test("Dot products for narrow outputs agree with Double", arguments: KernelLevel.available)
    func narrow(level: KernelLevel) {
        for (depth, columns) in [(7, 1), (16, 2), (224, 1), (53, 2)] {
            let rows = RowProductTests.values(20 * 3 + depth, seed: 7)
            let weights = RowProductTests.values(depth * columns, seed: 8)
            let matrix = NarrowMatrix(depth: depth, bias: [0.25, -0.5].suffix(columns)) { weights[$0 * columns + $1] }
            var result = [Float](repeating: 0, count: 20 * columns)
            matrix.run(rows: rows, rowStride: 3, rowCount: 20, into: &result, level: level)
            for row in 0..<20 {
                for column in 0..<columns {
                    let products = (0..<depth).map {
                        Double(rows[row * 3 + $0]) * Double(weights[$0 * columns + column])
                    }
                    let bias = column == columns - 1 ? -0.5 : 0.25
                    let expected = products.reduce(bias, +)
                    // At most depth / 16 + 6 roundings in a row for each term.
                    let bound = Double(depth / 16 + 6) * 0x1p-24 * products.reduce(0.5) { $0 + $1.magnitude }
                    #expect((Double(result[row * columns + column]) - expected).magnitude <= bound)
                }
            }
        }
    }

    @Test("The nearest entry is the first of the smallest distances", arguments: KernelLevel.available)
    func nearest(level: KernelLevel) {
        for count in [1, 5, 16, 17, 40, 1024] {
            let dots = RowProductTests.values(count, seed: 9)
            let norms = [Float](repeating: 1, count: count)
            let expected = (0..<count).reduce(0) { dots[$1] > dots[$0] ? $1 : $0 }
            #expect(
                PointwiseKernels.nearest(dots: dots, norms: norms, count: count, rowNorm: 3, level: level) == expected)
            let equal = [Float](repeating: 0.5, count: count)
            #expect(PointwiseKernels.nearest(dots: equal, norms: norms, count: count, rowNorm: 3, level: level) == 0)
            var late = equal
            for index in stride(from: count - 1, to: max(count - 20, 0), by: -3) { late[index] = 2 }
            let first = late.firstIndex(of: 2) ?? 0
            #expect(PointwiseKernels.nearest(dots: late, norms: norms, count: count, rowNorm: 3, level: level) == first)
            var damaged = late
            damaged[0] = .nan
            let choice = PointwiseKernels.nearest(dots: damaged, norms: norms, count: count, rowNorm: 3, level: level)
            #expect(choice == first || count == 1)
        }
    }

    @Test("LSTM steps agree with Double and carry their state", arguments: KernelLevel.available)
    func recurrent(level: KernelLevel) {
        let (size, steps) = (48, 9)
        let weights = RowProductTests.values(4 * size * size, seed: 10).map { $0 * 0.3 }
        let gates = RowProductTests.values(steps * 4 * size, seed: 11)
        let skip = RowProductTests.values(steps * size, seed: 12)
        let kernel = RecurrentKernel(hiddenSize: size, weights: weights)
        var state = RowProductTests.values(2 * size, seed: 13)
        let expected = twin(size, steps, weights, gates, skip, state)
        var output = [Float](repeating: 0, count: steps * size)
        var scratch = [Float](repeating: 0, count: size)
        // In two calls: the second starts from the state that the first left.
        for range in [0..<4, 4..<steps] {
            var part = [Float](repeating: 0, count: range.count * size)
            kernel.run(
                stepCount: range.count, gates: Array(gates[(range.lowerBound * 4 * size)...]), state: &state,
                scratch: &scratch, output: &part, skip: Array(skip[(range.lowerBound * size)...]), level: level)
            output.replaceSubrange(range.lowerBound * size..<range.upperBound * size, with: part)
        }
        // 48 products of magnitude below 0.3 and a contraction by the gates: below 9 steps x 60 x 2^-24.
        expectClose(output.map(Double.init), expected, bound: 540 * 0x1p-24, relativeTo: .absolute)
    }

    private func twin(
        _ size: Int, _ steps: Int, _ weights: [Float], _ gates: [Float], _ skip: [Float], _ state: [Float]
    ) -> [Double] {
        var hidden = state[..<size].map(Double.init)
        var cell = state[size...].map(Double.init)
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        return (0..<steps).flatMap { step in
            let sums = (0..<4 * size).map { row in
                (0..<size).reduce(Double(gates[step * 4 * size + row])) {
                    $0 + Double(weights[row * size + $1]) * hidden[$1]
                }
            }
            for unit in 0..<size {
                cell[unit] =
                    sigmoid(sums[size + unit]) * cell[unit] + sigmoid(sums[unit]) * tanh(sums[2 * size + unit])
            }
            hidden = (0..<size).map { sigmoid(sums[3 * size + $0]) * tanh(cell[$0]) }
            return (0..<size).map { hidden[$0] + Double(skip[step * size + $0]) }
        }
    }
}
