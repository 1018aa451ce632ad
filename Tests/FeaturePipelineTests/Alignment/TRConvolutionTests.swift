import FeaturePipeline
import NumericCore
import TestSupport
import Testing

struct TRConvolutionTests {
    struct Manifest: Decodable {
        struct Case: Decodable {
            let key: String
            let tr: String
            let count: Int
        }
        struct Bounds: Decodable { let convolution: Double }
        let cases: [Case]
        let bounds: Bounds
    }

    @Test("Every crop equals SciPy's convolution of each column, from one TR to more than the kernel has taps")
    func goldens() throws {
        let golden = try AlignmentGolden("convolution", Manifest.self)
        try #require(golden.manifest.cases.count == 12)
        let bound = golden.manifest.bounds.convolution
        for item in golden.manifest.cases {
            let response = try HemodynamicResponse(.nilearn, repetitionTime: repetitionTime(item.tr))
            for crop in TRConvolution.Crop.allCases {
                let source = crop == .causal ? "full" : crop.rawValue
                let whole = try golden.floats("\(item.key)_\(source)")
                let expected = crop == .causal ? Array(whole.elements.prefix(item.count * 15)) : whole.elements
                let convolution = TRConvolution(response, crop: crop)
                var features = try golden.floats("\(item.key)_input")
                let plain = try convolution.plain(features)
                try convolution.convolve(&features)
                #expect(features.shape == [convolution.outputCount(forRows: item.count), 3, 5])
                expectClose(features.elements, expected, bound: bound, relativeTo: .absolute, "\(item.key) \(crop)")
                // The plain twin works in double as SciPy does: only the last bit of a float may differ.
                expectClose(plain.elements, expected, bound: 2.5e-7, relativeTo: .absolute, "\(item.key) plain \(crop)")
            }
        }
    }

    @Test(
        "Results are equal to the bit for every number of threads and wherever columns are split",
        arguments: TRConvolution.Crop.allCases)
    func threads(crop: TRConvolution.Crop) throws {
        let convolution = TRConvolution(try HemodynamicResponse(), crop: crop)
        let features = noise([40, 3 * 512 + 77])
        var single = features
        try convolution.convolve(&single)
        for threadCount in [2, 3, 7] {
            var other = features
            try convolution.convolve(&other, threadCount: threadCount)
            expectEqual(other.elements, single.elements, "\(threadCount) threads")
        }
        // Columns 1000... alone: other stretches, and a tail at another place.
        let part = (0..<40).flatMap { row in features.elements[row * 1613 + 1000..<(row + 1) * 1613] }
        var narrow = Tensor(part, shape: [40, 613])
        try convolution.convolve(&narrow)
        let expected = (0..<single.shape[0]).flatMap { single.elements[$0 * 1613 + 1000..<($0 + 1) * 1613] }
        expectEqual(narrow.elements, expected, "a part of the columns")
    }

    @Test("B2: an impulse peaks 4 TRs later causally, 6 TRs earlier in the centred crops", arguments: [10, 20, 40])
    func impulses(row: Int) throws {
        let shifts: [(HemodynamicResponse.Kernel, TRConvolution.Crop, Int)] = [
            (.sampled, .causal, 4), (.nilearn, .causal, 4), (.nilearn, .same, -6), (.nilearn, .padded, -6),
            (.nilearn, .full, 4),
        ]
        for (kernel, crop, shift) in shifts {
            let convolution = TRConvolution(try HemodynamicResponse(kernel), crop: crop)
            var features = impulse(at: row, count: 60)
            try convolution.convolve(&features)
            #expect(peak(of: features) == row + shift, "\(kernel) \(crop)")
            #expect(convolution.peakShift == shift, "\(kernel) \(crop)")
        }
    }

    @Test("B3: padding with zeros changes nothing for odd kernels, and moves an even one by a TR")
    func padding() throws {
        for (text, shift) in [("1.5", 0), ("2", -1)] {
            let response = try HemodynamicResponse(.nilearn, repetitionTime: repetitionTime(text))
            var (same, padded) = (noise([50, 9]), noise([50, 9]))
            try TRConvolution(response, crop: .same).convolve(&same)
            try TRConvolution(response, crop: .padded).convolve(&padded)
            #expect((same.elements == padded.elements) == (shift == 0), "TR \(text)")
            var event = impulse(at: 40, count: 60)
            try TRConvolution(response, crop: .padded).convolve(&event)
            #expect(peak(of: event) == (shift == 0 ? 34 : 35), "TR \(text)")
        }
    }

    @Test("B4: a constant is multiplied by the declared gain, and the first and last rows by less and more")
    func gain() throws {
        let convolution = TRConvolution(try HemodynamicResponse(.nilearn), crop: .same)
        var ones = Tensor<Float>(repeating: 1, shape: [100, 1])
        try convolution.convolve(&ones)
        let listed: [Float] = [2.053, 1.930, 1.862, 1.829]
        let last: [Float] = [1.715, 1.077, 0.077, -0.697, -1.005, -0.939, -0.700, -0.446]
        expectClose(Array(ones.elements.prefix(4)), listed, bound: 5.1e-4, relativeTo: .absolute)
        expectClose(Array(ones.elements.suffix(8)), last, bound: 5.1e-4, relativeTo: .absolute)
        #expect((Double(ones.elements[50]) - convolution.response.gain).magnitude < 1e-6)
        #expect(ones.elements.filter { $0 > 0 }.count == 95)
    }

    @Test("A NaN reaches the rows that the kernel carries it to and no other, in its own column")
    func notANumber() throws {
        let convolution = TRConvolution(try HemodynamicResponse())
        var features = noise([60, 70])
        features[10, 66] = .nan
        features[20, 3] = .infinity
        try convolution.convolve(&features, threadCount: 2)
        for row in 0..<60 {
            for column in 0..<70 {
                let isReached = (column == 66 && (10..<32).contains(row)) || (column == 3 && (20..<42).contains(row))
                try #require(features[row, column].isFinite != isReached, "row \(row), column \(column)")
            }
        }
    }

    @Test("No TR, no column and a single TR are answered, a scalar is refused", arguments: TRConvolution.Crop.allCases)
    func edges(crop: TRConvolution.Crop) throws {
        let convolution = TRConvolution(try HemodynamicResponse(.nilearn), crop: crop)
        var none = Tensor<Float>([], shape: [0, 4])
        try convolution.convolve(&none)
        #expect(none.shape == [0, 4])
        var narrow = Tensor<Float>([], shape: [7, 0])
        try convolution.convolve(&narrow)
        #expect(narrow.count == 0)
        var one = Tensor<Float>([2], shape: [1])
        try convolution.convolve(&one)
        let taps = convolution.response.taps.map { 2 * Float($0) }
        let expected: [Float] =
            switch crop {
            case .causal: [0]
            case .same, .padded: [taps[10]]
            case .full: taps
            }
        #expect(one.elements == expected)
        var scalar = Tensor<Float>([1], shape: [])
        #expect(throws: AlignmentError.self) { try convolution.convolve(&scalar) }
    }
}
