internal import Glibc

extension Float {
    /// The nearest number of bfloat16, ties to even: eight significant bits.
    var toBrain: Float {
        guard isFinite else { return self }
        let bits = bitPattern
        let rounded = bits &+ 0x7FFF &+ (bits >> 16 & 1)
        return Float(bitPattern: rounded & 0xFFFF_0000)
    }
}

/// What a sigmoid times the largest code can say when every step is rounded to bfloat16.
enum BrainPrediction {
    /// The output for a logit, rounded and clipped as the design does before the cast to an integer.
    ///
    /// In bfloat16 the bound of 1023 is itself rounded, to 1024, so that clipping lets an index pass that no codebook has.
    static func level(logit: Float, largest: Int32) -> Int32 {
        let sigmoid = (1 / (1 + expf(-logit.toBrain))).toBrain
        let bound = Float(largest).toBrain
        return Int32(min(max((sigmoid * bound).toBrain.rounded(.toNearestOrEven), 0), bound))
    }

    /// The same in float32.
    static func levelInSingle(logit: Float, largest: Int32) -> Int32 {
        let sigmoid = 1 / (1 + expf(-logit))
        return Int32(min(max((sigmoid * Float(largest)).rounded(.toNearestOrEven), 0), Float(largest)))
    }

    /// The code that a model which knows the right one arrives at; clipped once more, after the cast.
    static func code(of code: Int32, largest: Int32) -> Int32 {
        // Half a code from the ends, where the logit would be infinite.
        let share = min(max(Float(code), 0.5), Float(largest) - 0.5) / Float(largest)
        return min(level(logit: logf(share / (1 - share)), largest: largest), largest)
    }
}
