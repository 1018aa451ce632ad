import NumericCore

/// Runs the harmless subset of pickle (protocols 2 to 5) that describes tensors; everything else is refused.
///
/// No name is ever looked up and nothing is called: the five known names build values of this file's own types.
struct PickleMachine {
    /// Names the pickle in errors.
    let path: String
    /// Containers made so far.
    private(set) var heap = PickleHeap()

    private var reader: PickleReader
    private var stack: [PickleValue] = []
    private var memo: [Int: PickleValue] = [:]

    init(_ bytes: [UInt8], path: String) {
        self.path = path
        reader = PickleReader(bytes, path: path)
    }

    /// Executes to STOP.
    ///
    /// - Returns: The described value.
    /// - Throws: `CheckpointError.refusedGlobal`, `.refusedOpcode` or `.malformedPickle`.
    mutating func run() throws(CheckpointError) -> PickleValue {
        while true {
            let offset = reader.position
            let code = try reader.byte()
            guard let opcode = PickleOpcode(rawValue: code) else {
                throw .refusedOpcode(path: path, code: code, offset: offset)
            }
            if opcode == .stop {
                guard reader.isAtEnd, stack.count == 1 else {
                    throw malformed("it stops with a stack of \(stack.count)")
                }
                return try pop()
            }
            try execute(opcode)
        }
    }

    private mutating func execute(_ opcode: PickleOpcode) throws(CheckpointError) {
        switch opcode {
        case .stop: break
        case .proto: try requireProtocol()
        case .frame: _ = try reader.bytes(8)
        case .mark: stack.append(.mark)
        case .pop: _ = try pop()
        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binInt: stack.append(.integer(Int64(try reader.integer(Int32.self))))
        case .binInt1: stack.append(.integer(Int64(try reader.byte())))
        case .binInt2: stack.append(.integer(Int64(try reader.integer(UInt16.self))))
        case .long1: stack.append(.integer(try reader.long()))
        case .binFloat: stack.append(.float(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))
        case .binUnicode: stack.append(.string(try reader.text(Int(try reader.integer(UInt32.self)))))
        case .shortBinUnicode: stack.append(.string(try reader.text(Int(try reader.byte()))))
        case .emptyTuple, .emptyList, .emptyDict, .tuple, .tuple1, .tuple2, .tuple3: try makeContainer(opcode)
        case .append: try append([try pop()])
        case .appends: try append(try popToMark())
        case .setItem: try setItems([try pop(), try pop()].reversed())
        case .setItems: try setItems(try popToMark())
        case .binPut: memo[Int(try reader.byte())] = try top()
        case .longBinPut: memo[Int(try reader.integer(UInt32.self))] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: stack.append(try remembered(Int(try reader.byte())))
        case .longBinGet: stack.append(try remembered(Int(try reader.integer(UInt32.self))))
        case .global: try pushGlobal(module: try reader.line(), name: try reader.line())
        case .stackGlobal:
            let name = try popText()
            try pushGlobal(module: try popText(), name: name)
        case .binPersID: stack.append(.storage(try storage(try pop())))
        case .reduce: try reduce()
        case .build: try build()
        }
    }

    private mutating func makeContainer(_ opcode: PickleOpcode) throws(CheckpointError) {
        switch opcode {
        case .emptyTuple: stack.append(heap.tuple([]))
        case .emptyList: stack.append(heap.list([]))
        case .emptyDict: stack.append(heap.dictionary())
        case .tuple1: stack.append(heap.tuple(try pop(count: 1)))
        case .tuple2: stack.append(heap.tuple(try pop(count: 2)))
        case .tuple3: stack.append(heap.tuple(try pop(count: 3)))
        default: stack.append(heap.tuple(try popToMark()))
        }
    }

    private mutating func requireProtocol() throws(CheckpointError) {
        let version = try reader.byte()
        guard (2...5).contains(version) else { throw malformed("pickle protocol \(version) is not one of 2 to 5") }
    }

    private mutating func pushGlobal(module: String, name: String) throws(CheckpointError) {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw .refusedGlobal(path: path, name: "\(module).\(name)")
        }
        stack.append(.global(global))
    }

    /// The persistent id `("storage", kind, key, device, element count)`.
    private func storage(_ value: PickleValue) throws(CheckpointError) -> TorchStorage {
        guard let items = heap.items(value), items.count == 5, case .string("storage") = items[0],
            case .global(.storage(let type)) = items[1], case .string(let key) = items[2],
            case .string = items[3], case .integer(let count) = items[4], count >= 0
        else { throw malformed("a persistent id is not that of a storage") }
        return TorchStorage(key: key, elementType: type, count: Int(count))
    }

    private mutating func reduce() throws(CheckpointError) {
        guard let arguments = heap.items(try pop()) else { throw malformed("arguments are not a tuple") }
        guard case .global(let global) = try pop() else { throw malformed("what is applied is not a known name") }
        switch (global, arguments.first) {
        case (.orderedDictionary, nil): stack.append(heap.dictionary())
        case (.size, let first?) where arguments.count == 1 && heap.integers(first) != nil: stack.append(first)
        case (.rebuildParameter, .tensor(let view)?) where arguments.count == 3: stack.append(.tensor(view))
        case (.rebuildTensor, .storage(let storage)?) where arguments.count >= 4:
            stack.append(.tensor(try view(of: storage, arguments)))
        default: throw malformed("\(global) is applied to \(arguments.count) arguments it does not take")
        }
    }

    private func view(
        of storage: TorchStorage, _ arguments: [PickleValue]
    ) throws(CheckpointError) -> TorchTensorView {
        guard case .integer(let offset) = arguments[1], let shape = heap.integers(arguments[2]),
            let strides = heap.integers(arguments[3])
        else { throw malformed("a tensor's offset, shape or strides are not integers") }
        switch TorchTensorView.checked(storage, offset: Int(offset), shape: shape, strides: strides) {
        case .success(let view): return view
        case .failure(let reason): throw malformed(reason.text)
        }
    }

    /// A state_dict carries `_metadata` as an attribute of the dictionary; attributes of nothing else are accepted.
    private mutating func build() throws(CheckpointError) {
        guard case .dictionary = try pop(), case .dictionary = try top() else {
            throw malformed("attributes are set on something that is not a dictionary")
        }
    }

    private mutating func append(_ items: [PickleValue]) throws(CheckpointError) {
        guard case .list(let index) = try top() else { throw malformed("items are appended to what is not a list") }
        heap.lists[index] += items
    }

    private mutating func setItems(_ items: [PickleValue]) throws(CheckpointError) {
        guard case .dictionary(let index) = try top(), items.count.isMultiple(of: 2) else {
            throw malformed("items are set on what is not a dictionary")
        }
        for position in stride(from: 0, to: items.count, by: 2) {
            heap.dictionaries[index].append((items[position], items[position + 1]))
        }
    }

    private func top() throws(CheckpointError) -> PickleValue {
        guard let value = stack.last else { throw malformed("the stack is empty") }
        if case .mark = value { throw malformed("a mark is where a value is due") }
        return value
    }

    private mutating func pop() throws(CheckpointError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(count: Int) throws(CheckpointError) -> [PickleValue] {
        var items: [PickleValue] = []
        for _ in 0..<count { items.append(try pop()) }
        return items.reversed()
    }

    private mutating func popText() throws(CheckpointError) -> String {
        guard case .string(let text) = try pop() else { throw malformed("a text is due") }
        return text
    }

    private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        let mark = stack.lastIndex { if case .mark = $0 { true } else { false } }
        guard let mark else { throw malformed("there is no mark") }
        let items = Array(stack[(mark + 1)...])
        stack.removeSubrange(mark...)
        return items
    }

    private func remembered(_ index: Int) throws(CheckpointError) -> PickleValue {
        guard let value = memo[index] else { throw malformed("nothing is remembered as \(index)") }
        return value
    }

    private func malformed(_ reason: String) -> CheckpointError {
        .malformedPickle(path: path, offset: reader.position, reason: reason)
    }
}
