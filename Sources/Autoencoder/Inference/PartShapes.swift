import NeuralNetwork

/// Shapes of the tensors of one part of a model, found by name in a checkpoint.
struct PartShapes {
    /// No extent of a file is believed beyond this: no sum or product of sizes can then overflow.
    private static let greatestExtent = 1 << 22

    let archive: TensorArchive
    /// What stands in front of the part's names behind `model_state_dict.`, such as `encoder.audio_encoder.`.
    let prefix: String
    private let names: Set<String>

    /// Finds a part.
    ///
    /// - Parameters:
    ///   - archive: The checkpoint.
    ///   - part: The part's name for people.
    ///   - prefixes: Where it may stand, the most nested one first.
    ///   - markers: Names of tensors of which the part has at least one.
    /// - Throws: ``TrainingError/features(problem:)`` when it stands nowhere.
    init(
        _ archive: TensorArchive, _ part: String, prefixes: [String], markers: [String]
    ) throws(TrainingError) {
        let all = Set(archive.names)
        let nest = archive.stateDictPrefix
        guard let prefix = prefixes.first(where: { prefix in markers.contains { all.contains(nest + prefix + $0) } })
        else {
            throw .features(
                problem: "'\(archive.path)' holds no \(part): none of its \(archive.names.count) tensors ends in"
                    + " \(markers.joined(separator: " or ")); give the checkpoint of a model that has one.")
        }
        (self.archive, self.prefix, names) = (archive, prefix, all)
    }

    func contains(_ name: String) -> Bool { names.contains(archive.stateDictPrefix + prefix + name) }

    /// How many numbers n from 0 on have a tensor NAME.nSUFFIX, without a gap.
    func count(_ name: String, _ suffix: String) -> Int {
        var count = 0
        while contains("\(name).\(count)\(suffix)") { count += 1 }
        return count
    }

    /// The shape of a tensor.
    ///
    /// - Throws: ``TrainingError/state(_:)`` when it is missing, has another rank, or an extent of 0 or beyond belief.
    func shape(_ name: String, rank: Int) throws(TrainingError) -> [Int] {
        let full = archive.stateDictPrefix + prefix + name
        guard names.contains(full) else { throw .state(.missing(path: archive.path, names: [full])) }
        let shape: [Int]
        do throws(CheckpointError) { shape = try archive.shape(of: full) } catch { throw .state(.checkpoint(error)) }
        guard shape.count == rank, shape.allSatisfy({ (1...Self.greatestExtent).contains($0) }) else {
            throw .features(
                problem: "'\(archive.path)': \(full) has the shape \(shape) where the model has \(rank) extents of 1 to"
                    + " \(Self.greatestExtent); give the checkpoint of this model.")
        }
        return shape
    }
}
