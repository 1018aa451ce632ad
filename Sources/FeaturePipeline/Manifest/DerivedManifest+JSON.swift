internal import NumericCore

extension DerivedManifest {
    /// Every key of the schema.
    enum Key: String, CodingKey, CaseIterable {
        case schema, operation, tr, codec, requantized, method, holds, dtype, shape, features
        case hrfKernel = "hrf_kernel"
        case hrfCrop = "hrf_crop"
        case hrfCodes = "hrf_codes"
        case weightsSHA256 = "weights_sha256"
        case sourceTRs = "source_trs"
        case sourceSHA256 = "source_sha256"
        case arraySHA256 = "array_sha256"
        case toolVersion = "tool_version"
    }

    private enum Operation: String, CaseIterable {
        case hrf
        case resample = "resample-trs"
    }

    private enum Holding: String, CaseIterable { case features, latents }

    /// The JSON text: sorted keys, so that equal manifests give equal bytes.
    ///
    /// - Parameter path: For the error.
    /// - Returns: UTF-8, with a line feed at the end.
    /// - Throws: ``FeatureError/badManifest(path:problem:)`` when the manifest makes no sense.
    public func json(path: String) throws(FeatureError) -> [UInt8] {
        try check(path: path)
        return try FeatureManifest.bytes(of: Wire(manifest: self), path: path)
    }

    /// Takes a manifest out of parsed JSON.
    init(_ json: HeaderJSON, path: String) throws(FeatureError) {
        let fields = try ManifestFields<Key>(json, path: path, schema: Self.schema)
        let holding: Holding = try fields.choice(.holds)
        let features = fields.isNull(.features) ? nil : fields[.features]
        self.init(
            step: try Self.step(fields), sourceSHA256: try fields.text(.sourceSHA256),
            holdsLatents: holding == .latents,
            features: try features.map { value throws(FeatureError) in try FeatureManifest(value, path: path) },
            elementType: try fields.choice(.dtype), shape: try fields.integers(.shape),
            arraySHA256: try fields.text(.arraySHA256), toolVersion: try fields.text(.toolVersion))
        try check(path: path)
    }

    private static func step(_ fields: ManifestFields<Key>) throws(FeatureError) -> Step {
        let operation: Operation = try fields.choice(.operation)
        let hrfKeys: [Key] = [.hrfKernel, .hrfCrop, .tr, .requantized]
        let resampleKeys: [Key] = [.method, .sourceTRs]
        let (needed, others) =
            operation == .hrf ? (hrfKeys, resampleKeys) : (resampleKeys, hrfKeys + [.hrfCodes, .codec])
        if let key = needed.first(where: { fields.isNull($0) }) {
            throw fields.wrong(key, "a value for operation \(operation.rawValue)")
        }
        if let key = others.first(where: { !fields.isNull($0) }) {
            throw fields.wrong(key, "null for operation \(operation.rawValue)")
        }
        guard operation == .hrf else {
            let target = try fields.integers(.shape).first ?? 0
            let (method, count): (TRResampling.Method, Int) = (
                try fields.choice(.method), try fields.integer(.sourceTRs)
            )
            do throws(AlignmentError) {
                return .resample(try TRResampling(method, from: count, to: target))
            } catch { throw fields.wrong(.sourceTRs, "possible, but \(error.description)") }
        }
        guard let time = RepetitionTime(try fields.text(.tr)) else {
            throw fields.wrong(.tr, "a fraction of a second such as \"3/2\"")
        }
        let hrf = FeatureRecipe.HRF(
            kernel: try fields.choice(.hrfKernel), crop: try fields.choice(.hrfCrop),
            codes: fields.isNull(.hrfCodes) ? nil : try fields.choice(.hrfCodes))
        let hasCodec = try fields.isGroup(.codec, [.weightsSHA256])
        let codec: Codec? =
            hasCodec
            ? Codec(identifier: try fields.text(.codec), weightsSHA256: try fields.text(.weightsSHA256)) : nil
        return .hrf(
            Response(hrf: hrf, repetitionTime: time, codec: codec, isRequantized: try fields.truth(.requantized)))
    }

    /// The keys as they are written; absent values are written as null.
    private struct Wire: Encodable {
        let manifest: DerivedManifest

        func encode(to encoder: any Encoder) throws {
            var keys = encoder.container(keyedBy: Key.self)
            try keys.encode(DerivedManifest.schema, forKey: .schema)
            try keys.encode((manifest.holdsLatents ? Holding.latents : .features).rawValue, forKey: .holds)
            try keys.encode(manifest.sourceSHA256, forKey: .sourceSHA256)
            try keys.encode(manifest.elementType.rawValue, forKey: .dtype)
            try keys.encode(manifest.shape, forKey: .shape)
            try keys.encode(manifest.arraySHA256, forKey: .arraySHA256)
            try keys.encode(manifest.features.map { FeatureManifest.Wire($0) }, forKey: .features)
            try keys.encode(manifest.toolVersion, forKey: .toolVersion)
            try encodeStep(into: &keys)
        }

        private func encodeStep(into keys: inout KeyedEncodingContainer<Key>) throws {
            var (response, method, count) = (Response?.none, String?.none, Int?.none)
            switch manifest.step {
            case .hrf(let made): response = made
            case .resample(let made): (method, count) = (made.method.rawValue, made.sourceCount)
            }
            try keys.encode((response == nil ? Operation.resample : .hrf).rawValue, forKey: .operation)
            try keys.encode(response?.hrf.kernel.rawValue, forKey: .hrfKernel)
            try keys.encode(response?.hrf.crop.rawValue, forKey: .hrfCrop)
            try keys.encode(response?.hrf.codes?.rawValue, forKey: .hrfCodes)
            try keys.encode(
                response.map { "\($0.repetitionTime.numerator)/\($0.repetitionTime.denominator)" }, forKey: .tr)
            try keys.encode(response?.codec?.identifier, forKey: .codec)
            try keys.encode(response?.codec?.weightsSHA256, forKey: .weightsSHA256)
            try keys.encode(response?.isRequantized, forKey: .requantized)
            try keys.encode(method, forKey: .method)
            try keys.encode(count, forKey: .sourceTRs)
        }
    }
}

extension DerivedManifest.Response {
    fileprivate init(
        hrf: FeatureRecipe.HRF, repetitionTime: RepetitionTime, codec: DerivedManifest.Codec?, isRequantized: Bool
    ) {
        (self.hrf, self.repetitionTime, self.codec, self.isRequantized) = (hrf, repetitionTime, codec, isRequantized)
    }
}
