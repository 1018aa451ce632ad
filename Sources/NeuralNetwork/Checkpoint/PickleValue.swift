/// What a pickle instruction can leave on the stack.
///
/// Containers live in `PickleHeap` and are named by index: a hostile file can make them contain themselves, and values
/// that own each other would then leak or overflow the stack when freed.
enum PickleValue: Sendable {
    case none
    case mark
    case bool(Bool)
    case integer(Int64)
    case float(Double)
    case string(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(TorchStorage)
    case tensor(TorchTensorView)
}

/// The containers of one pickle.
struct PickleHeap: Sendable {
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []

    mutating func tuple(_ items: [PickleValue]) -> PickleValue {
        tuples.append(items)
        return .tuple(tuples.count - 1)
    }

    mutating func list(_ items: [PickleValue]) -> PickleValue {
        lists.append(items)
        return .list(lists.count - 1)
    }

    mutating func dictionary() -> PickleValue {
        dictionaries.append([])
        return .dictionary(dictionaries.count - 1)
    }

    /// The items of a tuple, or nil for anything else.
    func items(_ value: PickleValue) -> [PickleValue]? {
        if case .tuple(let index) = value { tuples[index] } else { nil }
    }

    /// The numbers of a tuple of integers, or nil.
    func integers(_ value: PickleValue) -> [Int]? {
        guard let items = items(value) else { return nil }
        let numbers = items.compactMap { item -> Int? in
            if case .integer(let number) = item { Int(number) } else { nil }
        }
        return numbers.count == items.count ? numbers : nil
    }
}
