public import NumericCore

extension ModelState {
    /// Reads a state_dict from safetensors or PyTorch.
    ///
    /// A training checkpoint of the Python system is accepted too: when names start with `model_state_dict.`, these are
    /// the model and everything else in the file is passed over.
    ///
    /// - Parameters:
    ///   - path: The file; any floating-point kind, bfloat16 included, becomes `Float`.
    ///   - layout: The model's layout: every entry must be there with its shape, and nothing else.
    /// - Throws: `ModelStateError`.
    public init(path: String, layout: ParameterLayout) throws(ModelStateError) {
        let archive: TensorArchive
        do { archive = try TensorArchive.open(path: path) } catch { throw .checkpoint(error) }
        try self.init(archive, layout: layout)
    }

    /// Reads a state_dict, or one part of it, from an open archive; see ``init(path:layout:)``.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - layout: The model's layout, or that of a part whose names all start with `part`.
    ///   - part: Tensors of other names belong to other parts of a larger model and are passed over; empty for none.
    /// - Throws: `ModelStateError`.
    public init(_ archive: TensorArchive, layout: ParameterLayout, part: String = "") throws(ModelStateError) {
        let prefix = archive.stateDictPrefix
        try Self.requireNames(archive, layout, prefix: prefix, part: part)
        // Before anything as large as the layout says is allocated.
        for entry in layout.entries { try Self.requireShape(entry, archive, prefix: prefix) }
        self.layout = layout
        parameters = [Float](repeating: 0, count: layout.parameterCount)
        statistics = [Float](repeating: 0, count: layout.statisticCount)
        counters = [Int64](repeating: 0, count: layout.counterCount)
        for entry in layout.entries { try read(entry, archive, prefix: prefix) }
    }

    private static func requireNames(
        _ archive: TensorArchive, _ layout: ParameterLayout, prefix: String, part: String
    ) throws(ModelStateError) {
        let wanted = layout.entries.map { prefix + $0.name }
        let found = Set(archive.names)
        let missing = wanted.filter { !found.contains($0) }
        guard missing.isEmpty else { throw .missing(path: archive.path, names: missing) }
        let known = Set(wanted)
        let unexpected = archive.names.filter { $0.hasPrefix(prefix + part) && !known.contains($0) }
        guard unexpected.isEmpty else { throw .unexpected(path: archive.path, names: unexpected) }
    }

    private static func requireShape(
        _ entry: ParameterLayout.Entry, _ archive: TensorArchive, prefix: String
    ) throws(ModelStateError) {
        let found = try wrap { () throws(CheckpointError) in try archive.shape(of: prefix + entry.name) }
        guard found == entry.shape else {
            throw .shape(path: archive.path, name: prefix + entry.name, expected: entry.shape, found: found)
        }
    }

    private mutating func read(
        _ entry: ParameterLayout.Entry, _ archive: TensorArchive, prefix: String
    ) throws(ModelStateError) {
        let name = prefix + entry.name
        let tensor = try Self.wrap { () throws(CheckpointError) in try archive.float32(name) }
        let range = entry.offset..<entry.offset + entry.count
        switch entry.kind {
        case .parameter: parameters.replaceSubrange(range, with: tensor.elements)
        case .statistic: statistics.replaceSubrange(range, with: tensor.elements)
        case .counter:
            guard let count = Int64(exactly: tensor.elements[0]), count >= 0 else {
                throw .counter(path: archive.path, name: name, found: tensor.elements[0])
            }
            counters[entry.offset] = count
        }
    }

    private static func wrap<Result>(
        _ body: () throws(CheckpointError) -> Result
    ) throws(ModelStateError) -> Result {
        do { return try body() } catch { throw .checkpoint(error) }
    }

    /// Writes the state_dict as safetensors: parameters and statistics as float32, counters as int64 scalars.
    ///
    /// - Parameters:
    ///   - path: Where; an existing file is replaced only when the new one is complete.
    ///   - metadata: Texts for `__metadata__`.
    /// - Throws: `ArrayFileError.system`.
    public func write(to path: String, metadata: [String: String] = [:]) throws(ArrayFileError) {
        var writer = SafetensorsWriter(metadata: metadata)
        add(to: &writer)
        try writer.write(to: path)
    }

    /// Adds every entry to a file that is being collected.
    ///
    /// - Parameters:
    ///   - writer: The file.
    ///   - prefix: Put in front of every name.
    public func add(to writer: inout SafetensorsWriter, prefix: String = "") {
        for entry in layout.entries {
            let range = entry.offset..<entry.offset + entry.count
            let name = prefix + entry.name
            switch entry.kind {
            case .parameter: writer.add(Tensor(Array(parameters[range]), shape: entry.shape), as: name)
            case .statistic: writer.add(Tensor(Array(statistics[range]), shape: entry.shape), as: name)
            case .counter: writer.add(Tensor([counters[entry.offset]], shape: []), as: name)
            }
        }
    }
}

extension TensorArchive {
    /// What stands in front of a model's names: `model_state_dict.` in a training checkpoint, nothing otherwise.
    public var stateDictPrefix: String {
        let nest = "model_state_dict."
        return names.contains { $0.hasPrefix(nest) } ? nest : ""
    }
}
