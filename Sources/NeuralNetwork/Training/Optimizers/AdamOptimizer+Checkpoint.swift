public import NumericCore

extension AdamOptimizer {
    /// Adds moments and step counts to a file that is being collected.
    ///
    /// Each parameter `p` becomes `<prefix>first.p` and `<prefix>second.p`; the step counts of all entries are one int64
    /// vector `<prefix>steps`.
    ///
    /// - Parameters:
    ///   - writer: The file.
    ///   - layout: The model's.
    ///   - prefix: Put in front of every name, such as `optimizer.`.
    public func add(to writer: inout SafetensorsWriter, layout: ParameterLayout, prefix: String) {
        precondition(layout.parameterCount == firstMoment.count, "an optimiser of another layout")
        for entry in layout.entries where entry.kind == .parameter {
            let range = entry.offset..<entry.offset + entry.count
            writer.add(Tensor(Array(firstMoment[range]), shape: entry.shape), as: "\(prefix)first.\(entry.name)")
            writer.add(Tensor(Array(secondMoment[range]), shape: entry.shape), as: "\(prefix)second.\(entry.name)")
        }
        writer.add(Tensor(stepCounts, shape: [stepCounts.count]), as: "\(prefix)steps")
    }

    /// Reads what ``add(to:layout:prefix:)`` wrote.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - layout: The model's.
    ///   - settings: The constants, which are not in the file.
    ///   - prefix: What stands in front of every name.
    /// - Throws: `ModelStateError` for missing tensors and other shapes.
    public init(
        _ archive: TensorArchive, layout: ParameterLayout, settings: Settings, prefix: String
    ) throws(ModelStateError) {
        self.init(layout, settings: settings)
        for entry in layout.entries where entry.kind == .parameter {
            let range = entry.offset..<entry.offset + entry.count
            let first = try Self.read("\(prefix)first.\(entry.name)", entry.shape, archive)
            let second = try Self.read("\(prefix)second.\(entry.name)", entry.shape, archive)
            firstMoment.replaceSubrange(range, with: first)
            secondMoment.replaceSubrange(range, with: second)
        }
        let name = "\(prefix)steps"
        stepCounts = try Self.read(name, [stepCounts.count], archive).map { count throws(ModelStateError) in
            guard let count = Int64(exactly: count), count >= 0 else {
                throw .counter(path: archive.path, name: name, found: count)
            }
            return count
        }
    }

    private static func read(
        _ name: String, _ shape: [Int], _ archive: TensorArchive
    ) throws(ModelStateError) -> [Float] {
        let found: [Int]
        let values: Tensor<Float>
        do throws(CheckpointError) {
            found = try archive.shape(of: name)
            values = try archive.float32(name)
        } catch {
            if case .unknownTensor = error { throw .missing(path: archive.path, names: [name]) }
            throw .checkpoint(error)
        }
        guard found == shape else {
            throw .shape(path: archive.path, name: name, expected: shape, found: found)
        }
        return values.elements
    }
}
