internal import FeaturePipeline
internal import NumericCore

/// Something that a pipeline does to codes as if they were quantities.
enum CodeOperation: String, CaseIterable, Sendable {
    /// Nothing.
    case identity
    /// Every code one up or down.
    case neighbour
    /// Every code any other: the floor.
    case random
    /// Every second frame halfway between the indices of its neighbours.
    case interpolation
    /// The indices convolved with the haemodynamic response over the TRs, rounded and clipped.
    case hrf
    /// The first two codebooks exchanged.
    case swap
    /// The upper half of the codebooks at 0.
    case zeroedUpper = "zeroed_upper"
    /// Everything one frame late.
    case frameShift = "frame_shift"
    /// Indices kept in bfloat16.
    case halfIndex = "bf16_index"
    /// Indices as a sigmoid in bfloat16 gives them at best.
    case halfPrediction = "bf16_prediction"

    /// For people.
    var title: String {
        switch self {
        case .identity: "codes as they are"
        case .neighbour: "every code one off"
        case .random: "every code drawn at random"
        case .interpolation: "every second frame interpolated"
        case .hrf: "codes convolved with the haemodynamic response and rounded"
        case .swap: "first two codebooks exchanged"
        case .zeroedUpper: "upper codebooks at 0"
        case .frameShift: "one frame late"
        case .halfIndex: "codes kept in bfloat16"
        case .halfPrediction: "codes predicted in bfloat16"
        }
    }

    /// What comes out.
    ///
    /// - Parameters:
    ///   - codes: (codebooks, frames), at least one of each.
    ///   - entryCount: Entries of a codebook.
    ///   - seed: Of what is drawn.
    /// - Returns: Codes of the same shape, all within the codebook; ``hrf`` needs a clock and is made elsewhere.
    func apply(to codes: Tensor<Int32>, entryCount: Int, seed: UInt64) -> Tensor<Int32> {
        let (bookCount, frameCount) = (codes.shape[0], codes.shape[1])
        let largest = Int32(entryCount - 1)
        var random = Xoshiro256(seed: seed)
        let given = codes.elements
        func remade(_ code: (_ book: Int, _ frame: Int) -> Int32) -> Tensor<Int32> {
            let elements = (0..<bookCount).flatMap { book in (0..<frameCount).map { code(book, $0) } }
            return Tensor(elements, shape: codes.shape)
        }
        func old(_ book: Int, _ frame: Int) -> Int32 { given[book * frameCount + frame] }
        switch self {
        case .identity, .hrf: return codes
        case .neighbour:
            return remade { book, frame in
                let step: Int32 = random.next() >> 63 == 0 ? -1 : 1
                // At an end of the codebook the only neighbour is the one inside.
                return (0...largest).contains(old(book, frame) + step)
                    ? old(book, frame) + step : old(book, frame) - step
            }
        case .random: return remade { _, _ in Int32(random.uniformDouble() * Double(entryCount)) }
        case .interpolation:
            return remade { book, frame in
                guard frame % 2 == 1, frame + 1 < frameCount else { return old(book, frame) }
                let middle = Double(old(book, frame - 1) + old(book, frame + 1)) / 2
                return Int32(middle.rounded(.toNearestOrEven))
            }
        case .swap:
            return remade { book, frame in old(bookCount > 1 && book < 2 ? 1 - book : book, frame) }
        case .zeroedUpper: return remade { book, frame in 2 * book < bookCount ? old(book, frame) : 0 }
        case .frameShift: return remade { book, frame in old(book, max(0, frame - 1)) }
        case .halfIndex: return remade { min(Int32(Float(old($0, $1)).toBrain), largest) }
        case .halfPrediction: return remade { BrainPrediction.code(of: old($0, $1), largest: largest) }
        }
    }
}

extension CodeOperation {
    /// The seed's way with codes: their numbers convolved over the TRs in the exact grid, rounded, clipped and joined.
    ///
    /// - Returns: Codes of the film, whose frames behind the last whole TR stay as they are, and what became of them.
    static func convolved(_ film: FilmContext) throws -> (codes: Tensor<Int32>, damage: IndexConvolution.Damage) {
        try convolved(film.codes(film.bandwidthKbps), of: film)
    }

    /// The same for any codes of the film's length.
    static func convolved(
        _ codes: Tensor<Int32>, of film: FilmContext
    ) throws -> (codes: Tensor<Int32>, damage: IndexConvolution.Damage) {
        let grid = TRGrid(.exact, film.clock)
        let split = grid.split(codes, trCount: film.trCount)
        let response = try HemodynamicResponse(.nilearn, repetitionTime: film.request.repetitionTime)
        let (blurred, damage) = try IndexConvolution.convolve(
            split.codes, with: TRConvolution(response, crop: .same))
        let joined = try grid.join(blurred, frameCounts: split.frameCounts)
        let (bookCount, frameCount, kept) = (codes.shape[0], codes.shape[1], joined.shape[1])
        var elements: [Int32] = []
        for book in 0..<bookCount {
            elements += joined.elements[book * kept..<(book + 1) * kept]
            elements += codes.elements[book * frameCount + kept..<(book + 1) * frameCount]
        }
        return (Tensor(elements, shape: codes.shape), damage)
    }
}
