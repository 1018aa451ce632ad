import Autoencoder
import FeaturePipeline
import Foundation
import NumericCore

/// Small data sets whose features a model can learn: every number follows from one phase of its TR.
enum TrainingFixture {
    /// The hidden phase of a TR; the golden ratio spreads neighbours apart.
    static func phase(_ row: Int) -> Double {
        2 * .pi * (Double(row) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
    }

    static func codes(_ count: Int, codebooks: Int = 8) -> Tensor<Int32> {
        let values = (0..<count).flatMap { row in
            (0..<codebooks * 113).map { (index: Int) -> Int32 in
                let angle = phase(row) + Double(index / 113) * 0.7 + Double(index % 113) * 0.02
                return Int32(511.5 + 500 * sin(angle))
            }
        }
        return Tensor(values, shape: [count, codebooks, 113])
    }

    static func mel(_ count: Int) -> Tensor<Float> {
        let values = (0..<count).flatMap { row in
            (0..<16 * 65).map { (index: Int) -> Float in
                let angle = phase(row) + Double(index / 65) * 0.4
                return -40 + 30 * Float(sin(angle))
            }
        }
        return Tensor(values, shape: [count, 16, 65])
    }

    static func vectors(_ count: Int, width: Int) -> Tensor<Float> {
        let values = (0..<count).flatMap { row in
            (0..<width).map { (index: Int) -> Float in 0.5 + 0.4 * Float(sin(phase(row) + Double(index))) }
        }
        return Tensor(values, shape: [count, width])
    }

    static func inputs(_ count: Int) -> Dataset.Inputs {
        Dataset.Inputs(audio: NumericArray(codes(count), origin: "codes"))
    }

    static func dataset(_ inputs: Dataset.Inputs) throws -> Dataset {
        try Dataset(inputs, repetitionTime: .standard, split: .compat)
    }

    static func trainer(
        _ dataset: Dataset, head: TrainedHead = .regression, _ adjust: (inout TrainerSettings) -> Void = { _ in }
    ) throws -> Trainer {
        var settings = TrainerSettings()
        adjust(&settings)
        return try Trainer(
            dataset, configuration: .trained(on: dataset.dimensions, widths: .small, head: head), settings: settings)
    }
}
