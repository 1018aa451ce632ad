import Glibc
import NeuralNetwork
import NumericCore

/// Predicts the same at every TR: the best constant of each position over the training part.
struct ConstantPredictor: Sendable {
    private let values: [Float]
    private let loss: RegressionLoss

    /// Takes the mean of each position for squares, the lower median for magnitudes.
    init(_ targets: Tensor<Float>, rows: Range<Int>, loss: RegressionLoss) {
        self.loss = loss
        let width = targets.shape.dropFirst().reduce(1, *)
        let elements = targets.elements
        values = (0..<width).map { column in
            switch loss {
            case .meanSquared:
                let sum = rows.reduce(0.0) { $0 + Double(elements[$1 * width + column]) }
                return Float(sum / Double(rows.count))
            case .smoothL1:
                return rows.map { elements[$0 * width + column] }.sorted()[(rows.count - 1) / 2]
            }
        }
    }

    /// The mean loss over some TRs.
    func loss(_ targets: Tensor<Float>, rows: Range<Int>) -> Double {
        let sum = rows.reduce(0.0) { sum, row in
            let one = Tensor(values, shape: [1, values.count])
            let target = targets.rows([row]).reshaped(to: [1, values.count])
            return sum + loss.measure(one, target).value
        }
        return sum / Double(rows.count)
    }
}

/// Knows only how often each code comes in each codebook of the training part.
struct UnigramPredictor: Sendable {
    private let logProbabilities: [[Double]]
    private let modes: [Int32]

    /// Counts codes; every code is counted once more than it comes, so that none is impossible.
    init(_ codes: Tensor<Int32>, rows: Range<Int>, vocabularySize: Int) {
        let (codebooks, frames) = (codes.shape[1], codes.shape[2])
        var counts = [[Int]](repeating: [Int](repeating: 0, count: vocabularySize), count: codebooks)
        for index in rows.lowerBound * codebooks * frames..<rows.upperBound * codebooks * frames {
            counts[index / frames % codebooks][Int(codes.elements[index])] += 1
        }
        let total = Double(rows.count * frames + vocabularySize)
        logProbabilities = counts.map { $0.map { log(Double($0 + 1) / total) } }
        modes = counts.map { row in Int32(row.indices.max { row[$0] < row[$1] } ?? 0) }
    }

    /// The mean cross-entropy over some TRs, in nats.
    func crossEntropy(_ codes: Tensor<Int32>, rows: Range<Int>) -> Double {
        var sum = 0.0
        forEach(codes, rows) { codebook, code in sum -= logProbabilities[codebook][Int(code)] }
        return sum / Double(rows.count * codes.shape[1] * codes.shape[2])
    }

    /// The share of each codebook's codes that are its most frequent one.
    func exactMatch(_ codes: Tensor<Int32>, rows: Range<Int>) -> [Double] {
        var matches = [Int](repeating: 0, count: modes.count)
        forEach(codes, rows) { codebook, code in if code == modes[codebook] { matches[codebook] += 1 } }
        return matches.map { Double($0) / Double(rows.count * codes.shape[2]) }
    }

    private func forEach(_ codes: Tensor<Int32>, _ rows: Range<Int>, _ body: (Int, Int32) -> Void) {
        let (codebooks, frames) = (codes.shape[1], codes.shape[2])
        for index in rows.lowerBound * codebooks * frames..<rows.upperBound * codebooks * frames {
            body(index / frames % codebooks, codes.elements[index])
        }
    }
}
