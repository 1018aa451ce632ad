import NeuralNetwork
import NumericCore
import TestSupport
import Testing

/// Gradients against central differences of plain twins in Double: independent of PyTorch and of the layers' code.
struct FiniteDifferenceTests {
    /// d/dx of a scalar function, by central differences with a step of 1e-6: exact to about 1e-9 of the value.
    private func slopes(_ point: [Double], _ function: ([Double]) -> Double) -> [Float] {
        point.indices.map { index in
            var (up, down) = (point, point)
            up[index] += 1e-6
            down[index] -= 1e-6
            return Float((function(up) - function(down)) / 2e-6)
        }
    }

    private func doubles(_ tensor: Tensor<Float>) -> [Double] { tensor.elements.map { Double($0) } }

    private func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

    /// A state whose parameters are all random.
    private func state(_ layout: ParameterLayout, _ generator: inout Xoshiro256) -> ModelState {
        var state = ModelState(layout, using: &generator)
        for entry in layout.entries where entry.kind == .parameter {
            state.set(entry.name, to: generator.normalTensor(shape: entry.shape))
        }
        return state
    }

    @Test(arguments: [(kernel: 3, stride: 1, padding: 1), (kernel: 4, stride: 3, padding: 2)])
    func `a convolution's gradients are those of its definition`(geometry: (kernel: Int, stride: Int, padding: Int))
        throws
    {
        let (kernel, stride, padding) = geometry
        let (batch, length, inputs, outputs) = (2, 7, 3, 2)
        var generator = Xoshiro256(seed: 21)
        var layout = ParameterLayout()
        let layer = ConvolutionLayer(
            "", inputs, outputs, kernelSize: kernel, stride: stride, padding: padding, in: &layout)
        let state = state(layout, &generator)
        let rows = layer.outputLength(for: length)
        let input = generator.normalTensor(shape: [batch, length, inputs])
        let upstream = generator.normalTensor(shape: [batch, rows, outputs])
        func loss(_ x: [Double], _ weight: [Double]) -> Double {
            var sum = 0.0
            for b in 0..<batch {
                for t in 0..<rows {
                    for o in 0..<outputs {
                        var value = 0.0
                        for j in 0..<kernel {
                            let source = t * stride + j - padding
                            guard source >= 0, source < length else { continue }
                            for i in 0..<inputs {
                                value += x[(b * length + source) * inputs + i] * weight[(o * inputs + i) * kernel + j]
                            }
                        }
                        sum += value * Double(upstream.elements[(b * rows + t) * outputs + o])
                    }
                }
            }
            return sum
        }
        var gradients = Gradients(layout)
        let cache = layer.forward(input, state).cache
        let gradient = layer.backward(upstream, cache, state, into: &gradients)
        let weight = doubles(try #require(state.tensor(".weight")))
        let expected = slopes(doubles(input)) { loss($0, weight) }
        expectClose(gradient.elements, expected, bound: 1e-4, relativeTo: .peak, "input")
        let weights = slopes(weight) { loss(doubles(input), $0) }
        let actual = try #require(gradients.tensor(".weight")).elements
        expectClose(actual, weights, bound: 1e-4, relativeTo: .peak, "weight")
    }

    @Test func `batch normalisation's gradients are those of its definition`() throws {
        let (rows, channels) = (6, 3)
        var generator = Xoshiro256(seed: 22)
        var layout = ParameterLayout()
        let layer = BatchNormLayer("", channels, in: &layout)
        let state = state(layout, &generator)
        let input = generator.normalTensor(shape: [rows, channels])
        let upstream = generator.normalTensor(shape: [rows, channels])
        let bias = doubles(try #require(state.tensor(".bias")))
        func loss(_ x: [Double], _ weight: [Double]) -> Double {
            var sum = 0.0
            for c in 0..<channels {
                let column = (0..<rows).map { x[$0 * channels + c] }
                let mean = column.reduce(0, +) / Double(rows)
                let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
                for r in 0..<rows {
                    let value = (column[r] - mean) / (variance + 1e-5).squareRoot() * weight[c] + bias[c]
                    sum += value * Double(upstream.elements[r * channels + c])
                }
            }
            return sum
        }
        var pass = ForwardPass.trainingWithoutDropout
        let cache = layer.forward(input, state, &pass).cache
        var gradients = Gradients(layout)
        let gradient = layer.backward(upstream, cache, state, into: &gradients)
        let weight = doubles(try #require(state.tensor(".weight")))
        let expected = slopes(doubles(input)) { loss($0, weight) }
        expectClose(gradient.elements, expected, bound: 1e-4, relativeTo: .peak, "input")
        let actual = try #require(gradients.tensor(".weight")).elements
        expectClose(actual, slopes(weight) { loss(doubles(input), $0) }, bound: 1e-4, relativeTo: .peak, "weight")
    }

    @Test func `a transposed convolution is the adjoint of the convolution with the same weights`() throws {
        // <conv(x), y> = <x, transposed(y)> for all x and y when both have the same weights and no bias.
        var generator = Xoshiro256(seed: 23)
        for (kernel, stride, padding, rows) in [(4, 2, 1, 5), (5, 3, 0, 4), (3, 1, 1, 6)] {
            var layout = ParameterLayout()
            let down = ConvolutionLayer(
                "down", 3, 2, kernelSize: kernel, stride: stride, padding: padding, in: &layout)
            let up = TransposedConvolutionLayer(
                "up", 2, 3, kernelSize: kernel, stride: stride, padding: padding, in: &layout)
            var state = state(layout, &generator)
            let weight = try #require(state.tensor("down.weight"))
            state.set("up.weight", to: weight)
            for name in ["down.bias", "up.bias"] {
                let shape = try #require(state.tensor(name)).shape
                state.set(name, to: Tensor(repeating: 0, shape: shape))
            }
            let length = up.outputLength(for: rows)
            let x = generator.normalTensor(shape: [2, length, 3])
            let y = generator.normalTensor(shape: [2, rows, 2])
            let left = dot(doubles(down.forward(x, state).output), doubles(y))
            let right = dot(doubles(x), doubles(up.forward(y, state).output))
            expectClose([left], [right], bound: 1e-5, relativeTo: .peak, "kernel \(kernel)")
        }
    }

    @Test func `cross-entropy's gradient is that of its definition`() {
        let (codebooks, frames, vocabulary) = (2, 3, 5)
        var generator = Xoshiro256(seed: 24)
        let logits = generator.normalTensor(shape: [1, codebooks, frames, vocabulary])
        let targets = Tensor<Int32>([0, 4, 2, 1, 1, 3], shape: [1, codebooks, frames])
        func loss(_ x: [Double]) -> Double {
            var sum = 0.0
            for row in 0..<codebooks * frames {
                let values = Array(x[row * vocabulary..<(row + 1) * vocabulary])
                // The twin's exponential is a Taylor sum, so that it shares no function with the loss.
                let total = values.reduce(0) { $0 + exponential($1) }
                sum += naturalLogarithm(total) - values[Int(targets.elements[row])]
            }
            return sum / Double(codebooks * frames)
        }
        let result = CodeCrossEntropy(logits, targets: targets)
        expectClose([result.value], [loss(doubles(logits))], bound: 1e-6, relativeTo: .peak)
        expectClose(result.gradient.elements, slopes(doubles(logits), loss), bound: 1e-4, relativeTo: .peak)
    }

    private func exponential(_ x: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for n in 1..<60 {
            term *= x / Double(n)
            sum += term
        }
        return sum
    }

    /// Newton's iteration on the Taylor exponential.
    private func naturalLogarithm(_ x: Double) -> Double {
        var y = 1.0
        for _ in 0..<40 { y += x * exponential(-y) - 1 }
        return y
    }
}
