internal import EnCodec
internal import FeaturePipeline
internal import NumericCore

extension FilmContext {
    /// Makes a negative control.
    func control(_ version: FilmVersion) throws -> StoredSound {
        var random = Xoshiro256(seed: request.seed)
        switch version {
        case .silence: return try synthetic(version) { block in [Float](repeating: 0, count: block.count) }
        case .noise:
            let level = try level()
            // Uniform over plus and minus root 3 times the level has that level.
            let width = Float(level * 3.0.squareRoot())
            return try synthetic(version) { block in block.map { _ in width * (2 * random.uniformFloat() - 1) } }
        case .shiftedFrame: return try shifted(version)
        default:
            return try decode(damaged(codes(bandwidthKbps), version, &random), as: version, limit: original.sampleCount)
        }
    }

    private func synthetic(_ version: FilmVersion, _ make: ([Float]) -> [Float]) throws -> StoredSound {
        let recorder = try recorder(version, rate: clock.sampleRate)
        try original.forEachBlock { try recorder.write(make($0)) }
        return try recorder.finish()
    }

    private func level() throws -> Double {
        var energy = 0.0
        try original.forEachBlock { for value in $0 { energy += Double(value) * Double(value) } }
        return (energy / Double(max(1, original.sampleCount))).squareRoot()
    }

    private func shifted(_ version: FilmVersion) throws -> StoredSound {
        let recorder = try recorder(version, rate: clock.sampleRate, limit: original.sampleCount)
        try recorder.write([Float](repeating: 0, count: clock.hopLength))
        try sound(.encodec(kbps: bandwidthKbps)).forEachBlock { try recorder.write($0) }
        return try recorder.finish()
    }

    private func damaged(
        _ codes: Tensor<Int32>, _ version: FilmVersion, _ random: inout Xoshiro256
    ) -> Tensor<Int32> {
        let (codebookCount, frameCount) = (codes.shape[0], codes.shape[1])
        let largest = Int32(request.codec.model.configuration.codebookSize - 1)
        var elements = codes.elements
        switch version {
        case .shuffledCodes:
            let order = (0..<frameCount).shuffled(using: &random)
            for codebook in 0..<codebookCount {
                let row = codebook * frameCount
                for frame in 0..<frameCount { elements[row + frame] = codes.elements[row + order[frame]] }
            }
        case .neighbouringCodes:
            for index in elements.indices {
                let step: Int32 = random.next() >> 63 == 0 ? -1 : 1
                // At an end of the codebook the only neighbour is the one inside.
                elements[index] += (0...largest).contains(elements[index] + step) ? step : -step
            }
        case .zeroedCodebooks:
            for index in codebookCount / 2 * frameCount..<elements.count { elements[index] = 0 }
        default: preconditionFailure("\(version) is not made of codes")
        }
        return Tensor(elements, shape: codes.shape)
    }
}
