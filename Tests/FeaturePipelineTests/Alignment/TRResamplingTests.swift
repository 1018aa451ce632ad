import FeaturePipeline
import NumericCore
import TestSupport
import Testing

struct TRResamplingTests {
    struct Manifest: Decodable {
        struct Case: Decodable {
            let key: String
            let current: Int
            let target: Int
            let skipped: Int
            let largestShiftTRs: Double
        }
        let cases: [Case]
    }

    @Test("Rows, blends and rounded codes equal NumPy's bit for bit")
    func goldens() throws {
        let golden = try AlignmentGolden("resampling", Manifest.self)
        try #require(golden.manifest.cases.count == 10)
        for item in golden.manifest.cases {
            let linear = try TRResampling(.linear, from: item.current, to: item.target)
            let nearest = try TRResampling(.nearest, from: item.current, to: item.target)
            let floats = try golden.floats("\(item.key)_floats")
            let codes = try golden.codes("\(item.key)_codes")
            let rows = try golden.codes("\(item.key)_nearest").elements.map { Int($0) }
            expectEqual(nearest.positions.map { Int($0) }, rows, item.key)
            #expect(nearest.skippedRowCount == item.skipped)
            #expect(linear.largestShift == item.largestShiftTRs, "\(item.key)")
            expectEqual(
                try linear.apply(to: floats).elements, try golden.floats("\(item.key)_linear").elements, item.key)
            expectEqual(try linear.apply(to: codes).elements, try golden.codes("\(item.key)_seed").elements, item.key)
            expectEqual(
                try nearest.apply(to: codes).elements, rows.flatMap { codes.elements[2 * $0..<2 * $0 + 2] }, item.key)
            expectEqual(
                try nearest.apply(to: floats).elements, rows.flatMap { floats.elements[2 * $0..<2 * $0 + 2] }, item.key)
        }
    }

    @Test("946 TRs made 920 by nearest skip 26, and 100 made 50 are the published rows")
    func published() throws {
        let film = try TRResampling(.nearest, from: 946, to: 920)
        #expect(film.skippedRowCount == 26 && film.largestShift == 26)
        let half = try TRResampling(.nearest, from: 100, to: 50).positions.map { Int($0) }
        #expect(Array(half.prefix(10)) == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
        #expect(Array(half.suffix(5)) == [91, 93, 95, 97, 99])
    }

    @Test("NaN and infinity reach the points beside their rows as in NumPy's interp")
    func holes() throws {
        let golden = try AlignmentGolden("resampling", Manifest.self)
        let result = try TRResampling(.linear, from: 12, to: 23).apply(to: golden.floats("holes")).elements
        let expected = try golden.floats("holes_linear").elements
        #expect(result.count == expected.count)
        for (index, value) in expected.enumerated() {
            #expect(value.isNaN ? result[index].isNaN : result[index] == value, "point \(index)")
        }
        #expect(expected.contains { $0.isNaN } && expected.contains { $0.isInfinite })
    }

    @Test("B5: truncation keeps the first rows as they are and moves no time")
    func truncation() throws {
        let codes = Tensor((0..<946 * 8).map { Int32($0 % 1024) }, shape: [946, 8])
        let plan = try TRResampling(.truncate, from: 946, to: 920)
        #expect(try plan.apply(to: codes).elements == Array(codes.elements.prefix(920 * 8)))
        #expect(plan.largestShift == 0 && plan.skippedRowCount == 26)
        let stretched = try TRResampling(.nearest, from: 946, to: 920)
        #expect(try stretched.apply(to: codes).elements != Array(codes.elements.prefix(920 * 8)))
    }

    @Test("Equal lengths are copies by every method", arguments: TRResampling.Method.allCases)
    func equalLengths(method: TRResampling.Method) throws {
        let features = noise([9, 4])
        #expect(try TRResampling(method, from: 9, to: 9).apply(to: features) == features)
        #expect(try TRResampling(method, from: 0, to: 0).apply(to: Tensor<Float>([], shape: [0, 4])).shape == [0, 4])
        #expect(try TRResampling(method, from: 9, to: 0).apply(to: features).shape == [0, 4])
    }

    @Test("Lengths that cannot be made are refused with both numbers")
    func refusals() throws {
        for (method, source, target) in [(.truncate, 5, 6), (.linear, 0, 3), (.nearest, 0, 1), (.nearest, 5, -1)]
            as [(TRResampling.Method, Int, Int)]
        {
            let error = #expect(throws: AlignmentError.self) { try TRResampling(method, from: source, to: target) }
            #expect(error?.description.contains("\(source) TRs cannot become \(target)") == true)
        }
        let plan = try TRResampling(.truncate, from: 5, to: 2)
        #expect(throws: AlignmentError.self) { try plan.apply(to: noise([4, 2])) }
        #expect(throws: AlignmentError.codeOutOfRange(code: 1024, index: 4)) {
            try plan.apply(to: Tensor([0, 1, 2, 3, 1024] as [Int32], shape: [5, 1]))
        }
    }
}
