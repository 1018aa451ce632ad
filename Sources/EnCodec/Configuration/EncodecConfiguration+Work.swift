/// The least work that a second of audio takes, whatever the implementation.
public struct CodecWork: Sendable, Equatable {
    /// Multiplications and additions of the convolutions and of the LSTM's input products.
    public let productOperations: Double
    /// Multiplications and additions of the LSTM's recurrence.
    public let recurrentOperations: Double
    /// Bytes of recurrent weights, which every step reads because it needs the step before.
    public let recurrentBytes: Double

    /// The time that a machine needs at least.
    ///
    /// - Parameters:
    ///   - operationsPerSecond: The machine's peak.
    ///   - bytesPerSecond: What the cache that holds the recurrent weights delivers.
    /// - Returns: Seconds per second of audio.
    public func leastSeconds(operationsPerSecond: Double, bytesPerSecond: Double) -> Double {
        productOperations / operationsPerSecond + recurrentBytes / bytesPerSecond
    }
}

extension EncodecConfiguration {
    /// The work of encoding one second of audio up to the latents; the search of the codebooks comes on top.
    public var encodingWork: CodecWork {
        var rate = Double(samplingRate)
        var channels = filterCount
        var products = rate * Double(audioChannels * channels * kernelSize)
        for ratio in upsamplingRatios.reversed() {
            products += rate * residualProducts(channels)
            rate /= Double(ratio)
            products += rate * Double(channels * 2 * channels * 2 * ratio)
            channels *= 2
        }
        products += rate * Double(channels * hiddenSize * lastKernelSize)
        return work(products: products, frameRate: rate)
    }

    /// The work of decoding one second of audio from latents.
    public var decodingWork: CodecWork {
        let frameRate = Double(samplingRate) / Double(hopLength)
        var rate = frameRate
        var channels = innermostChannelCount
        var products = rate * Double(hiddenSize * channels * kernelSize)
        for ratio in upsamplingRatios {
            // Each input row meets 2 x ratio taps.
            products += rate * Double(channels * channels / 2 * 2 * ratio)
            rate *= Double(ratio)
            channels /= 2
            products += rate * residualProducts(channels)
        }
        products += rate * Double(channels * audioChannels * lastKernelSize)
        return work(products: products, frameRate: frameRate)
    }

    /// Multiplications of one row of the residual units at a rate.
    private func residualProducts(_ channels: Int) -> Double {
        let hidden = channels / compress
        let shortcut = usesConvolutionShortcut ? channels * channels : 0
        return Double(residualLayerCount * (channels * hidden * residualKernelSize + hidden * channels + shortcut))
    }

    private func work(products: Double, frameRate: Double) -> CodecWork {
        let matrix = Double(4 * innermostChannelCount * innermostChannelCount * lstmLayerCount)
        return CodecWork(
            productOperations: 2 * (products + frameRate * matrix), recurrentOperations: 2 * frameRate * matrix,
            recurrentBytes: 4 * frameRate * matrix)
    }
}
