internal import FoundationEssentials
internal import NeuralNetwork
internal import NumericCore

extension FormulaWeights {
    /// Writes config.json and model.safetensors, so that other programs load the very same model.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - folder: An existing folder; files of these names are replaced.
    /// - Throws: ``EncodecError/codeFile(_:)`` when a file cannot be written.
    public func write(_ configuration: EncodecConfiguration, to folder: String) throws(EncodecError) {
        var writer = SafetensorsWriter(metadata: ["format": "pt"])
        for tensor in configuration.tensors {
            writer.add(Tensor(values(of: tensor), shape: tensor.shape), as: tensor.name)
        }
        for (name, values, shape) in codebookState(configuration) {
            writer.add(Tensor(values, shape: shape), as: name)
        }
        do throws(ArrayFileError) {
            try writer.write(to: folder + "/model.safetensors")
            try AtomicFile.write(configuration.huggingFaceJSON, to: folder + "/config.json")
        } catch { throw .codeFile(error) }
    }

    /// Buffers of training that Hugging Face's state dict has beside each codebook.
    private func codebookState(_ configuration: EncodecConfiguration) -> [(String, [Float], [Int])] {
        configuration.tensors.flatMap { tensor -> [(String, [Float], [Int])] in
            guard case .codebook(let index) = tensor.role else { return [] }
            let prefix = "quantizer.layers.\(index).codebook."
            return [
                (prefix + "inited", [1], [1]),
                (prefix + "cluster_size", [Float](repeating: 0, count: tensor.shape[0]), [tensor.shape[0]]),
                (prefix + "embed_avg", values(of: tensor), tensor.shape),
            ]
        }
    }
}

extension EncodecConfiguration {
    /// The text of a config.json that ``init(path:)`` and Hugging Face read back as this configuration.
    public var huggingFaceJSON: [UInt8] {
        let fields: [(String, String)] = [
            ("architectures", "[\"EncodecModel\"]"), ("audio_channels", "\(audioChannels)"),
            ("chunk_length_s", chunkSeconds.map { "\($0)" } ?? "null"), ("codebook_dim", "\(hiddenSize)"),
            ("codebook_size", "\(codebookSize)"), ("compress", "\(compress)"),
            ("dilation_growth_rate", "\(dilationGrowthRate)"), ("hidden_size", "\(hiddenSize)"),
            ("kernel_size", "\(kernelSize)"), ("last_kernel_size", "\(lastKernelSize)"),
            ("model_type", "\"encodec\""), ("norm_type", "\"\(normalization.rawValue)\""),
            ("normalize", "\(normalize)"), ("num_filters", "\(filterCount)"), ("num_lstm_layers", "\(lstmLayerCount)"),
            ("num_residual_layers", "\(residualLayerCount)"), ("overlap", overlap.map { "\($0)" } ?? "null"),
            ("pad_mode", "\"\(paddingMode.rawValue)\""), ("residual_kernel_size", "\(residualKernelSize)"),
            ("sampling_rate", "\(samplingRate)"), ("target_bandwidths", "\(targetBandwidths)"),
            ("trim_right_ratio", "\(trimRightRatio)"), ("upsampling_ratios", "\(upsamplingRatios)"),
            ("use_causal_conv", "\(isCausal)"), ("use_conv_shortcut", "\(usesConvolutionShortcut)"),
        ]
        let lines = fields.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n")
        return Array("{\n\(lines)\n}\n".utf8)
    }
}
