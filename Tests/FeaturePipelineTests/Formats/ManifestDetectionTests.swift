import FeaturePipeline
import NumericCore
import TestSupport
import Testing

struct ManifestDetectionTests {
    @Test func `a manifest decides what the contents leave open`() {
        let codes = Fixture.codes([9, 600])
        let array = Fixture.array(codes)
        #expect(!FeatureFormat.detect(array).format.isDecided)
        let recipe = Fixture.recipe {
            $0.format = .encodecFlat
            $0.codec?.codebookCount = 4
        }
        let detection = FeatureFormat.detect(array, manifest: Fixture.manifest(recipe, codes, framesPerTR: 75))
        let layout = CodeLayout(codebookCount: 8, framesPerTR: 75, zeroPaddedCodebooks: 4)
        #expect(detection.format == .encodecFlat(layout))
        #expect(detection.evidence.contains { $0.contains("4 real codebooks") })
    }

    @Test func `a manifest of another array is a contradiction, not a hint`() {
        let manifest = Fixture.manifest(Fixture.recipe(), Fixture.codes([3, 8, 113]), framesPerTR: 113)
        for other in [Fixture.codes([3, 8, 113], seed: 2), Fixture.codes([2, 8, 113])] {
            guard case .unknown(let why) = FeatureFormat.detect(Fixture.array(other), manifest: manifest).format else {
                Issue.record("a foreign manifest was accepted for \(other.shape)")
                continue
            }
            #expect(why.contains("manifest says"))
        }
    }

    @Test func `a manifest cannot make a code of 1024`() {
        var codes = Fixture.codes([3, 8, 113])
        codes.withMutableElements { $0[113] = 1024 }
        let manifest = Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113)
        let detection = FeatureFormat.detect(Fixture.array(codes), manifest: manifest)
        guard case .unknown(let why) = detection.format else {
            Issue.record("\(detection.format)")
            return
        }
        #expect(why.contains("[0, 1, 0] is 1024"))
    }

    @Test("An array without TRs is what its manifest says and unknown without one", arguments: [false, true])
    func noTRs(hasManifest: Bool) {
        let codes = Fixture.codes([0, 8, 113])
        let manifest = Fixture.manifest(Fixture.recipe(), codes, framesPerTR: 113)
        let format = FeatureFormat.detect(Fixture.array(codes), manifest: hasManifest ? manifest : nil).format
        let layout = CodeLayout(codebookCount: 8, framesPerTR: 113)
        #expect((format == .encodec(layout)) == hasManifest)
    }

    @Test("896 columns are eight codebooks or four and padding, as the last four say", arguments: [0, 1, 448])
    func padding(extraCodes: Int) {
        var codes = Fixture.codes([5, 896])
        codes.withMutableElements { elements in
            for row in 0..<5 { for column in 448..<896 { elements[row * 896 + column] = 0 } }
            for column in 0..<extraCodes { elements[4 * 896 + 448 + column] = 7 }
        }
        let format = FeatureFormat.detect(Fixture.array(codes)).format
        // One code of the fifth codebook makes it real, and no bandwidth has five: all eight are.
        #expect(format.codeLayout?.zeroPaddedCodebooks == (extraCodes == 0 ? 4 : 0))
    }

    @Test func `facts name the first element that matters, by its indices`() {
        let array = Fixture.array(
            Tensor([1, 2, 2.5, .nan, -3, 4, .infinity, 1024] as [Double], shape: [2, 2, 2]))
        let facts = ArrayFacts(array)
        #expect(facts.minimum == -3)
        #expect(facts.maximum == 1024)
        #expect(facts.notFinite.count == 2)
        #expect(facts.notFinite.firstIndex.map(facts.place) == "[0, 1, 1]")
        #expect(facts.fractional.count == 1)
        #expect(facts.fractional.firstValue == 2.5)
        #expect(facts.outsideCodes.count == 2)
        #expect(facts.outsideCodes.firstIndex.map(facts.place) == "[1, 0, 0]")
        #expect(!facts.holdsOnlyCodes)
    }
}
