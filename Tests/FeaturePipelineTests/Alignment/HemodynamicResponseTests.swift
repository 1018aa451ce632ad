import FeaturePipeline
import NumericCore
import TestSupport
import Testing

struct HemodynamicResponseTests {
    struct Manifest: Decodable {
        struct Case: Decodable {
            let kernel: HemodynamicResponse.Kernel
            let tr: String
            let key: String
            let count: Int
            let peakIndex: Int
            let gain: Double
        }
        struct Bounds: Decodable { let kernel: Double }
        let cases: [Case]
        let bounds: Bounds
    }

    @Test("Both kernels equal nilearn's and SciPy's numbers to 1e-12 at seven TRs")
    func kernels() throws {
        let golden = try AlignmentGolden("hrf", Manifest.self)
        try #require(golden.manifest.cases.count == 14)
        for item in golden.manifest.cases {
            let response = try HemodynamicResponse(item.kernel, repetitionTime: repetitionTime(item.tr))
            #expect(response.taps.count == item.count && response.peakIndex == item.peakIndex, "\(item.key)")
            #expect((response.gain - item.gain).magnitude <= 1e-11, "\(item.key)")
            expectClose(
                response.taps, try golden.doubles(item.key).elements, bound: golden.manifest.bounds.kernel,
                relativeTo: .absolute, item.key)
        }
    }

    /// The table that was published with the Python system's analysis, typed in, not made by any program here.
    static let table = [
        0, 0.000000055507693, 0.088066948819655, 0.637804362096416, 1, 0.774262321812385, 0.307551744648937,
        -0.065416361347545, -0.239094895103486, -0.254705837357190, -0.195108129589165, -0.123318179325321,
        -0.067915841396993, -0.033586086001977, -0.015209399290834, -0.006396461928222, -0.002525097205906,
        -0.000943565520106, -0.000336016456038, -0.000114671963364, -0.000037676763640,
    ]

    @Test("B1: the kernel for parity is the published table of 21 taps, and the two grids differ where they must")
    func publishedTable() throws {
        let compat = try HemodynamicResponse(.nilearn)
        expectClose(compat.taps, Self.table, bound: 1e-12, relativeTo: .absolute)
        #expect((compat.gain - 1.802977213635302).magnitude < 1e-12)
        #expect(compat.peakLatencySeconds == 6)
        let correct = try HemodynamicResponse(.sampled)
        let listed = [0, 0, 0.0559, 0.5359, 1, 0.9211, 0.5003, 0.0772, -0.1824, -0.2690, -0.2448]
        expectClose(Array(correct.taps.prefix(11)), listed, bound: 5.1e-5, relativeTo: .absolute)
        #expect(correct.taps.count == 22 && correct.kernel == .sampled)
    }

    @Test("A TR that does not sample the response is refused", arguments: ["0.04", "8.1", "64", "100"])
    func refusals(text: String) throws {
        let time = try repetitionTime(text)
        #expect(throws: AlignmentError.repetitionTimeOutOfRange(time)) {
            try HemodynamicResponse(.nilearn, repetitionTime: time)
        }
        #expect(AlignmentError.repetitionTimeOutOfRange(time).description.contains("0.05 s to 8 s"))
    }

    @Test("The shortest and the longest TR give finite kernels with peak 1", arguments: ["0.05", "8"])
    func limits(text: String) throws {
        for kernel in HemodynamicResponse.Kernel.allCases {
            let response = try HemodynamicResponse(kernel, repetitionTime: repetitionTime(text))
            #expect(response.taps.allSatisfy { $0.isFinite })
            #expect(response.taps[response.peakIndex] == 1)
        }
    }
}
