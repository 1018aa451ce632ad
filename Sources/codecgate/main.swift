import NumericCore
import EnCodec
import Foundation
let a = CommandLine.arguments
func f32(_ p: String) -> [Float] { let d = try! Data(contentsOf: URL(filePath: p)); return d.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } }
func put<T>(_ x: [T], _ p: String) { x.withUnsafeBytes { try! Data($0).write(to: URL(filePath: p)) } }
let m = try EncodecModel(configuration: EncodecConfiguration(), weights: FormulaWeights().source(for: EncodecConfiguration()))
let x = f32(a[1])
for t in [1, 2] {
    for _ in 0..<3 {
    let clock = ContinuousClock()
    var e: EncodedAudio!
    let te = try clock.measure { e = try m.encode(x, bandwidthKbps: Double(a[2])!, threadCount: t) }
    put(e.chunks[0].codes.elements, a[3] + ".codes")
    var y: [Float] = []
    let td = try clock.measure { y = try m.decode(e, threadCount: t) }
    put(y, a[3] + ".audio")
    func r(_ d: Duration) -> Double { Double(x.count) / 24000 / (Double(d.components.attoseconds) * 1e-18 + Double(d.components.seconds)) }
    print("threads \(t) encode \(r(te))x decode \(r(td))x")
    }
}
