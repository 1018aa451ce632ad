import EnCodec
import FeaturePipeline
import NumericCore
import TestSupport
import Testing
import Verification

@testable import VerificationSuite

/// The code-algebra probe: what each operation does to codes, and what codebooks look like.
struct ProbeTests {
    private let codes = Tensor<Int32>([0, 10, 20, 31, 1023, 513, 2, 257, 514, 1021, 1022, 1], shape: [4, 3])

    @Test(
        "Each operation changes codes as it says",
        arguments: [
            (CodeOperation.identity, [0, 10, 20, 31, 1023, 513, 2, 257, 514, 1021, 1022, 1]),
            // Halfway between the neighbours, halves to even: (31 + 513) / 2, (2 + 514) / 2, (1021 + 1) / 2.
            (.interpolation, [0, 10, 20, 31, 272, 513, 2, 258, 514, 1021, 511, 1]),
            (.swap, [31, 1023, 513, 0, 10, 20, 2, 257, 514, 1021, 1022, 1]),
            (.zeroedUpper, [0, 10, 20, 31, 1023, 513, 0, 0, 0, 0, 0, 0]),
            (.frameShift, [0, 0, 10, 31, 31, 1023, 2, 2, 257, 1021, 1021, 1022]),
            // Eight significant bits: steps of 2 above 256, of 4 above 512, ties to even, and 1024 clipped.
            (.halfIndex, [0, 10, 20, 31, 1023, 512, 2, 256, 512, 1020, 1023, 1]),
        ])
    func operations(operation: CodeOperation, expected: [Int32]) {
        let result = operation.apply(to: codes, entryCount: 1024, seed: 1)
        #expect(result.elements == expected && result.shape == codes.shape)
    }

    @Test("A neighbour is one away and inside the codebook; a random code is anywhere; both follow the seed")
    func drawn() {
        let many = Tensor((0..<2000).map { Int32($0 % 1024) }, shape: [2, 1000])
        let near = CodeOperation.neighbour.apply(to: many, entryCount: 1024, seed: 1).elements
        #expect(zip(near, many.elements).allSatisfy { abs($0 - $1) == 1 && (0...1023).contains($0) })
        let far = CodeOperation.random.apply(to: many, entryCount: 1024, seed: 1).elements
        #expect(far.allSatisfy { (0...1023).contains($0) } && Set(far).count > 700)
        #expect(far != CodeOperation.random.apply(to: many, entryCount: 1024, seed: 2).elements)
        #expect(far == CodeOperation.random.apply(to: many, entryCount: 1024, seed: 1).elements)
    }

    @Test("In bfloat16 a sigmoid reaches 476 codes and 1024, which no codebook has; in float32 1024 and no more")
    func brain() {
        // Integers that eight bits hold: 257 to 256, then every second, then every fourth up to 1024.
        let whole = Set((0...1023).map { (code: Int) -> Float in Float(code).toBrain })
        #expect(whole.count == 513)
        let logits = stride(from: Float(-24), through: 24, by: 1 / 256)
        let brain = Set(logits.map { BrainPrediction.level(logit: $0, largest: 1023) })
        #expect(brain.max() == 1024 && brain.count < 513)
        let single = Set(
            stride(from: Float(-24), through: 24, by: 1 / 4096).map {
                BrainPrediction.levelInSingle(logit: $0, largest: 1023)
            })
        #expect(single.max() == 1023 && single.count == 1024)
        #expect(BrainPrediction.code(of: 1023, largest: 1023) <= 1023)
    }

    @Test("The embedded codec's codebooks have no order, and one whose entries lie on a line has")
    func geometry() throws {
        let mini = try FilmFixture.mini.get().model
        let plain = try CodebookGeometry(mini, codebookCount: 8, seed: 1)
        #expect(plain.rankCorrelations.count == 8 && plain.rankCorrelations.allSatisfy { abs($0) < 0.05 })
        #expect(plain.neighbourRatios.allSatisfy { (0.85...1.15).contains($0) })
        let interval = try #require(plain.interval)
        #expect(interval.lower < 1 && interval.upper > 1 && interval.upper - interval.lower < 0.1)
        let folder = try TemporaryFolder()
        let line = try CodebookGeometry(ChangedCodec.ordered(in: folder.url).model, codebookCount: 2, seed: 1)
        #expect(line.rankCorrelations.allSatisfy { $0 > 0.999 } && line.neighbourRatios.allSatisfy { $0 < 1e-4 })
    }

    @Test(
        "On a film the operations cost what the codes lose, the identity nothing and a frame's delay no latent energy")
    func film() throws {
        let folder = try TemporaryFolder()
        let film = try FilmFixture.context(in: folder.url, trs: 6)
        defer { film.close() }
        let probe = CodeAlgebraChecks(sounds: DerivedSounds(film))
        let found = try CheckRunner(probe.checks).run(journal: nil).findings
        func value(_ id: String) throws -> Double {
            let finding = try #require(found.first { $0.id == "probe.\(id)" })
            if case .value(let value) = finding.outcome { return value }
            return try #require(SegmentMean(finding.outcome.segments ?? [])).value
        }
        #expect(found.count == 10 * 5 + 2)
        let (identity, neighbour) = (try value("identity.stoi"), try value("neighbour.stoi"))
        #expect(try value("identity.latent") == 0)
        #expect(try value("identity.unchanged") == 1)
        #expect(try value("neighbour.unchanged") == 0)
        // A label one off is as wrong as any other label.
        let ratio = try value("neighbour.latent") / value("random.latent")
        #expect((0.9...1.1).contains(ratio), "\(ratio)")
        #expect(neighbour < identity - 0.3, "\(neighbour) against \(identity)")
        let (swapped, zeroed) = (try value("swap.unchanged"), try value("zeroed_upper.unchanged"))
        // Two of eight codebooks move, and four are wiped out, but for chance.
        #expect((0.75...0.76).contains(swapped), "\(swapped)")
        #expect((0.5...0.51).contains(zeroed), "\(zeroed)")
        let (late, blurred) = (try value("frame_shift.stoi"), try value("hrf.stoi"))
        #expect(late > blurred + 0.2, "\(late) and \(blurred)")
        let (lateError, error) = (try value("frame_shift.si_sdr"), try value("identity.si_sdr"))
        #expect(lateError < error - 3, "\(lateError) and \(error)")
        let (half, halfKept) = (try value("bf16_index.latent"), try value("bf16_index.unchanged"))
        #expect(half > 0.1 && halfKept < 0.6, "\(half) with \(halfKept) unchanged")
        let kept = try value("hrf.unchanged")
        #expect(kept < 0.02, "\(kept)")
    }
}
