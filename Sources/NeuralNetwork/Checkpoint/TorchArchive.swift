import NumericCore

/// The zip that `torch.save` writes since PyTorch 1.6: `<top>/data.pkl` describes, `<top>/data/<key>` holds the numbers.
struct TorchArchive: Sendable {
    /// The first bytes of the older format: a pickled magic number.
    static let legacyMagic: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]
    /// A larger description is refused; a thousand tensors take about 100 KB.
    private static let maximumPickleByteCount = 64 << 20

    let names: [String]
    private let zip: ZipArchive
    private let folder: String
    private let views: [String: TorchTensorView]

    init(_ source: ByteSource) throws(CheckpointError) {
        let zip = try CheckpointError.wrap { () throws(ArrayFileError) in try ZipArchive(source) }
        let folder = try Self.folder(of: zip)
        let pickleName = folder + "data.pkl"
        guard let size = zip.byteCount(of: pickleName), size <= Self.maximumPickleByteCount else {
            throw .malformedPickle(path: zip.path, offset: 0, reason: "data.pkl exceeds 64 MiB")
        }
        try Self.requireLittleEndian(zip, folder)
        let pickle = try CheckpointError.wrap { () throws(ArrayFileError) in try zip.read(pickleName) }
        var machine = PickleMachine(pickle, path: "\(zip.path)!\(pickleName)")
        let root = try machine.run()
        views = try PickleFlattener.tensors(in: root, heap: machine.heap, path: machine.path)
        names = views.keys.sorted()
        self.zip = zip
        self.folder = folder
        for view in views.values { try requireInside(view) }
    }

    func contains(_ name: String) -> Bool { views[name] != nil }

    func view(_ name: String) throws(CheckpointError) -> TorchTensorView {
        guard let view = views[name] else {
            throw .unknownTensor(path: zip.path, name: name, available: names)
        }
        return view
    }

    func float32(_ name: String) throws(CheckpointError) -> Tensor<Float> {
        let view = try view(name)
        let type = view.storage.elementType
        return try CheckpointError.wrap { () throws(ArrayFileError) in
            let storage = try zip.read(member(of: view))
            let bytes = ArrayExtents.gather(
                storage, offset: view.offset, shape: view.shape, strides: view.strides, size: type.byteCount)
            let decoder = ElementDecoder(elementType: type, origin: "\(zip.path)!\(name)", rounding: .nearest)
            return Tensor(try decoder.float32(bytes), shape: view.shape)
        }
    }

    private func member(of view: TorchTensorView) -> String { "\(folder)data/\(view.storage.key)" }

    /// The storage must be in the zip with the size the pickle states, and hold every element of the view.
    private func requireInside(_ view: TorchTensorView) throws(CheckpointError) {
        let storage = view.storage
        guard let byteCount = zip.byteCount(of: member(of: view)) else {
            throw .file(.missing(path: zip.path, name: member(of: view), available: zip.names))
        }
        let (stated, overflow) = storage.count.multipliedReportingOverflow(by: storage.elementType.byteCount)
        guard !overflow, stated == byteCount else {
            throw .malformedPickle(
                path: zip.path, offset: 0,
                reason: "storage \(storage.key) is said to hold \(storage.count) elements but has \(byteCount) bytes")
        }
    }

    private static func folder(of zip: ZipArchive) throws(CheckpointError) -> String {
        let pickles = zip.names.filter { $0.hasSuffix("/data.pkl") && $0.split(separator: "/").count == 2 }
        guard let pickle = pickles.first, pickles.count == 1 else {
            let reason = "it is a zip with \(pickles.count) members data.pkl; a PyTorch file has one"
            throw .file(.unsupported(path: zip.path, reason: reason))
        }
        return String(pickle.dropLast("data.pkl".count))
    }

    private static func requireLittleEndian(_ zip: ZipArchive, _ folder: String) throws(CheckpointError) {
        // Files from before PyTorch 2.1 have no such member and are little-endian.
        guard zip.names.contains(folder + "byteorder") else { return }
        let order = try CheckpointError.wrap { () throws(ArrayFileError) in try zip.read(folder + "byteorder") }
        guard order.elementsEqual("little".utf8) else {
            throw .file(.unsupported(path: zip.path, reason: "it is big-endian; save it on a little-endian machine"))
        }
    }
}
