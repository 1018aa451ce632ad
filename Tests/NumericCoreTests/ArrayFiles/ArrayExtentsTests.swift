import NumericCore
import TestSupport
import Testing

struct ArrayExtentsTests {
    @Test func `an accepted shape has its byte count, also with an extent of 0`() throws {
        #expect(try ArrayExtents.byteCount(of: [], .float64, path: "x") == 8)
        #expect(try ArrayExtents.byteCount(of: [3, 4], .float16, path: "x") == 24)
        #expect(try ArrayExtents.byteCount(of: [3, 0, 4], .float32, path: "x") == 0)
        #expect(try ArrayExtents.byteCount(of: [1 << 60], .float32, path: "x") == 1 << 62)
    }

    @Test(arguments: [[-1], [2, -3], [1 << 61], [1 << 31, 1 << 31], [0, 1 << 62, 1 << 62], [Int.max, Int.max, 0]])
    func `a shape that cannot be is refused, also when a 0 hides it`(shape: [Int]) {
        let error = #expect(throws: ArrayFileError.self) {
            try ArrayExtents.byteCount(of: shape, .float32, path: "x")
        }
        #expect(error?.description.contains("\(shape)") == true)
    }

    @Test func `a strided copy takes the elements in row-major order`() {
        let bytes = (0..<24).map { UInt8($0) }
        let transposed = ArrayExtents.gather(bytes, shape: [4, 3], strides: [1, 4], size: 2)
        expectEqual(transposed.map { Int($0) / 2 }, [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11].flatMap { [$0, $0] })
        #expect(ArrayExtents.gather(bytes, offset: 5, shape: [], strides: [], size: 1) == [5])
        #expect(ArrayExtents.gather(bytes, offset: 1, shape: [2, 2], strides: [12, 3], size: 1) == [1, 4, 13, 16])
        #expect(ArrayExtents.gather(bytes, shape: [2, 0], strides: [1, 1], size: 1) == [])
    }
}
