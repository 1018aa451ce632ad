/// Walks what a pickle describes and names its tensors by their path.
enum PickleFlattener {
    /// Deeper nesting is refused; a container that contains itself ends here too.
    private static let maximumDepth = 16
    /// More visited values than this are refused: shared containers can describe exponentially many.
    private static let maximumVisits = 1_000_000

    /// Tensors by dotted path; leaves that are not tensors (epochs, names, settings) are passed over.
    static func tensors(
        in root: PickleValue, heap: PickleHeap, path: String
    ) throws(CheckpointError) -> [String: TorchTensorView] {
        var result: [String: TorchTensorView] = [:]
        var visits = 0
        var pending: [(name: String, value: PickleValue, depth: Int)] = [("", root, 0)]
        while let (name, value, depth) = pending.popLast() {
            visits += 1
            guard visits <= maximumVisits, depth <= maximumDepth else {
                throw .malformedPickle(path: path, offset: 0, reason: "\"\(name)\" is nested too deeply or endlessly")
            }
            func add(_ key: String, _ value: PickleValue) {
                pending.append((name.isEmpty ? key : "\(name).\(key)", value, depth + 1))
            }
            switch value {
            case .tensor(let view):
                guard result.updateValue(view, forKey: name) == nil else {
                    throw .malformedPickle(path: path, offset: 0, reason: "two tensors are named \"\(name)\"")
                }
            case .dictionary(let index):
                for (key, value) in heap.dictionaries[index] { add(try text(key, path: path), value) }
            case .list(let index): for (position, item) in heap.lists[index].enumerated() { add("\(position)", item) }
            case .tuple(let index): for (position, item) in heap.tuples[index].enumerated() { add("\(position)", item) }
            case .none, .mark, .bool, .integer, .float, .string, .global, .storage: break
            }
            guard pending.count <= maximumVisits else {
                throw .malformedPickle(path: path, offset: 0, reason: "it describes more than \(maximumVisits) values")
            }
        }
        return result
    }

    private static func text(_ key: PickleValue, path: String) throws(CheckpointError) -> String {
        switch key {
        case .string(let text): return text
        case .integer(let number): return String(number)
        case .none, .mark, .bool, .float, .tuple, .list, .dictionary, .global, .storage, .tensor:
            throw .malformedPickle(path: path, offset: 0, reason: "a dictionary key is neither text nor integer")
        }
    }
}
