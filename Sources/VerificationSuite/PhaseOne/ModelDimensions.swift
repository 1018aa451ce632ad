internal import Autoencoder
internal import NeuralNetwork
internal import NumericCore
internal import Verification

/// Rows of the dimension table that a model gives.
///
/// The audio encoder of the design's size runs over two TRs; widths of the other parts are those of the parameters of the
/// whole model, which has billions and is not filled. The first axis of a batch is the TRs.
struct ModelDimensions {
    private static let trCount = 920

    var rows: [DimensionTable.Row] {
        [
            row("embedding", "After embedding", "(920, 8, 112, 64)") { [8, 112] + [try width("embeddings", axis: 1)] },
            row("reshaped", "Reshaped for conv", "(920, 512, 112)") { [try convolution(axis: 1), 112] },
            row("convolved", "After conv k3/k5/k7", "(920, 128, 112)") { [try convolution(axis: 0), 112] },
            row("pooled", "After pooling", "(920, 128)") { [try convolution(axis: 0)] },
            row("scales", "Concatenated scales", "(920, 384)") { [try width("fc.0.weight", axis: 1)] },
            row("audio_features", "Audio features", "(920, 256)") { try featureShape() },
            row("bottleneck", "Bottleneck", "(920, 2048)") { [try wholeWidth("encoder.layer7_bottleneck")] },
            row("decoder_path", "Decoder audio path", "(920, 2048)") { [try wholeWidth("decoder.layer12_audio")] },
            row("predicted", "Predicted codes", "(920, 8, 112)") { try predictedShape() },
        ]
    }

    private func row(
        _ id: String, _ title: String, _ expected: String, _ shape: @escaping () throws -> [Int]
    ) -> DimensionTable.Row {
        (
            id, title, expected + " float32", "the first axis is the batch of TRs",
            { "(\(([Self.trCount] + (try shape())).map { "\($0)" }.joined(separator: ", "))) float32" }
        )
    }

    private func encoder() -> (encoder: AudioEncoder, layout: ParameterLayout) {
        var layout = ParameterLayout()
        let encoder = AudioEncoder(AudioEncoderConfiguration(), in: &layout)
        return (encoder, layout)
    }

    /// An extent of the audio encoder's parameters whose names begin so, which all must share.
    private func width(_ prefix: String, axis: Int) throws -> Int {
        try Self.extent(encoder().layout.entries.filter { $0.name.hasPrefix(prefix) }, prefix, axis: axis)
    }

    private func convolution(axis: Int) throws -> Int {
        let kernels = encoder().layout.entries.filter { $0.name.hasPrefix("temporal_conv_") && $0.shape.count == 3 }
        return try Self.extent(kernels, "temporal_conv_", axis: axis)
    }

    /// What a layer of the whole model gives: the rows of its matrix.
    private func wholeWidth(_ prefix: String) throws -> Int {
        let layout = MultimodalAutoencoder(AutoencoderConfiguration()).layout
        let matrices = layout.entries.filter { $0.name.hasPrefix(prefix) && $0.shape.count == 2 }
        return try Self.extent(Array(matrices.suffix(1)), prefix, axis: 0)
    }

    private static func extent(_ entries: [ParameterLayout.Entry], _ name: String, axis: Int) throws -> Int {
        let extents = Set(entries.map { axis < $0.shape.count ? $0.shape[axis] : 0 })
        guard let extent = extents.first, extents.count == 1 else {
            throw NotMeasurable("parameters '\(name)' have extents \(extents.sorted()) on axis \(axis)")
        }
        return extent
    }

    /// Runs the design's audio encoder over two TRs of codes.
    private func featureShape() throws -> [Int] {
        let (encoder, layout) = encoder()
        let format = encoder.configuration.format
        let codes = Tensor(
            (0..<2 * format.count).map { Int32($0 * 7919 % 1024) }, shape: [2, format.rowCount, format.frameCount])
        try AudioInput.codes(codes).check(format)
        var random = Xoshiro256(seed: 1)
        var pass = ForwardPass.evaluation
        let output = encoder.forward(.codes(codes), ModelState(layout, using: &random), &pass).output
        return Array(output.shape.dropFirst())
    }

    /// Codes of all frames in one row of the last matrix.
    private func predictedShape() throws -> [Int] {
        let count = try wholeWidth("decoder.layer13_audio")
        let format = AudioFormat.designCodes
        guard count == format.count else { throw NotMeasurable("the last layer gives \(count) numbers a TR") }
        return [format.rowCount, format.frameCount]
    }
}
