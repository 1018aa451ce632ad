import Foundation
import NumericCore
import SignalProcessing
import TestSupport
import Testing

/// One folder of `GoldenData/signal`: its manifest and its arrays.
struct SignalGolden<Case: Decodable> {
    private struct Manifest: Decodable {
        let cases: [Case]
        let bounds: [String: Bound]
    }

    /// A bound, or the text that derives it.
    private enum Bound: Decodable {
        case number(Double)
        case text

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do { self = .number(try container.decode(Double.self)) } catch { self = .text }
        }
    }

    let cases: [Case]
    private let bounds: [String: Double]
    private let folder: String

    init(_ folder: String, _ type: Case.Type = Case.self) throws {
        self.folder = "signal/" + folder
        let data = try Data(contentsOf: Repository.golden(self.folder + "/manifest.json"))
        let manifest = try JSONDecoder().decode(Manifest.self, from: data)
        cases = manifest.cases
        bounds = manifest.bounds.compactMapValues { bound in
            if case .number(let number) = bound { number } else { nil }
        }
        try #require(!cases.isEmpty, "no case in \(folder)")
    }

    func bound(_ name: String) throws -> Double { try #require(bounds[name], "no bound \(name) in \(folder)") }

    func array(_ file: String, _ name: String) throws -> NumericArray {
        try NpzFile(path: Repository.golden("\(folder)/\(file).npz").path).array(name)
    }

    func floats(_ file: String, _ name: String) throws -> [Float] { try array(file, name).float32().elements }
}

/// A signal for properties: a chord and SplitMix64 noise, within 0.7.
func testSignal(count: Int, seed: UInt64 = 11) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { index in
        let angle = 0.05 * Double(index)
        return Float(0.3 * cos(angle) + 0.2 * cos(3.7 * angle + 1) + 0.2 * (2 * generator.uniformDouble() - 1))
    }
}
