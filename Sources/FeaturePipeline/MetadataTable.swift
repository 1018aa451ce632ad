internal import NumericCore

/// The CSV file of TRs: tr_index, start_time, end_time, n_frames, n_codebooks, encoding_mode.
public enum MetadataTable {
    private enum Column: String, CaseIterable {
        case index = "tr_index"
        case start = "start_time"
        case end = "end_time"
        case frames = "n_frames"
        case codebooks = "n_codebooks"
        case mode = "encoding_mode"

        /// The Python system leaves out codebooks for mel features, and its design the mode too.
        var isOptional: Bool { self == .codebooks || self == .mode }
    }

    /// Larger files are not read.
    public static let maximumByteCount = 128 << 20

    /// The text of a table.
    ///
    /// - Parameter rows: In order.
    /// - Returns: A header line and one line a row; numbers are the shortest that read back exactly.
    public static func csv(_ rows: [TRMetadata]) -> String {
        var lines = [Column.allCases.map(\.rawValue).joined(separator: ",")]
        for row in rows {
            let codebooks = row.codebookCount.map { "\($0)" } ?? ""
            lines.append(
                "\(row.index),\(row.startSeconds),\(row.endSeconds),\(row.frameCount),\(codebooks),"
                    + (row.encodingMode ?? ""))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes a table; an existing file is replaced only when the new one is complete.
    ///
    /// - Parameters:
    ///   - rows: In order.
    ///   - path: The file.
    /// - Throws: ``FeatureError/file(_:)``.
    public static func write(_ rows: [TRMetadata], to path: String) throws(FeatureError) {
        let bytes = Array(csv(rows).utf8)
        try wrap { () throws(ArrayFileError) in try AtomicFile.write(bytes, to: path) }
    }

    /// Reads a table.
    ///
    /// - Parameter path: The file, UTF-8, with or without carriage returns; columns in any order, n_codebooks and
    ///   encoding_mode may be missing or empty, others must not.
    /// - Returns: Rows whose indices follow each other and whose times do not run backwards.
    /// - Throws: ``FeatureError/file(_:)``, or ``FeatureError/badMetadata(path:line:problem:)`` with the first fault.
    public static func read(path: String) throws(FeatureError) -> [TRMetadata] {
        let source = try wrap { () throws(ArrayFileError) in try ByteSource.open(path: path) }
        guard source.count <= maximumByteCount else {
            throw .badMetadata(path: path, line: 1, problem: "\(source.count) bytes are too many for a table of TRs")
        }
        let bytes = try wrap { () throws(ArrayFileError) in
            try source.read(at: 0, count: source.count, part: "the table")
        }
        return try rows(csv: bytes, path: path)
    }

    /// Reads the text of a table; see ``read(path:)``.
    ///
    /// - Parameters:
    ///   - csv: UTF-8.
    ///   - path: For errors.
    /// - Returns: The rows.
    /// - Throws: ``FeatureError/badMetadata(path:line:problem:)``.
    public static func rows(csv: [UInt8], path: String) throws(FeatureError) -> [TRMetadata] {
        guard let text = String(validating: csv, as: UTF8.self) else {
            throw .badMetadata(path: path, line: 1, problem: "it is not UTF-8; save it as UTF-8 text")
        }
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count <= FeatureManifest.maximumTRCount + 1 else {
            throw .badMetadata(
                path: path, line: lines.count, problem: "more than \(FeatureManifest.maximumTRCount) TRs")
        }
        let columns = try columns(lines.first ?? "", path: path)
        var rows: [TRMetadata] = []
        for (offset, line) in lines.dropFirst().enumerated() {
            let row = try Row(line, columns: columns, line: offset + 2, path: path).metadata()
            if let last = rows.last, row.index != last.index + 1 || row.startSeconds < last.startSeconds {
                throw .badMetadata(
                    path: path, line: offset + 2,
                    problem:
                        "TR \(row.index) at \(row.startSeconds) s follows TR \(last.index) at \(last.startSeconds) s;"
                        + " TRs must follow each other")
            }
            rows.append(row)
        }
        return rows
    }

    private static func columns(_ header: Substring, path: String) throws(FeatureError) -> [Column] {
        var columns: [Column] = []
        for name in header.split(separator: ",", omittingEmptySubsequences: false) {
            guard let column = Column(rawValue: String(name)), !columns.contains(column) else {
                throw .badMetadata(
                    path: path, line: 1,
                    problem: "the column \"\(name.prefix(80))\" is unknown or comes twice; the columns are "
                        + Column.allCases.map(\.rawValue).joined(separator: ",") + " (pandas: index=False)")
            }
            columns.append(column)
        }
        if let missing = Column.allCases.first(where: { !$0.isOptional && !columns.contains($0) }) {
            throw .badMetadata(path: path, line: 1, problem: "the column \"\(missing.rawValue)\" is missing; add it")
        }
        return columns
    }

    /// One line's values by column.
    private struct Row {
        let values: [Column: Substring]
        let line: Int
        let path: String

        init(_ text: Substring, columns: [Column], line: Int, path: String) throws(FeatureError) {
            let fields = text.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == columns.count else {
                throw .badMetadata(
                    path: path, line: line,
                    problem: "\(fields.count) values for \(columns.count) columns; complete the row")
            }
            values = Dictionary(uniqueKeysWithValues: zip(columns, fields))
            (self.line, self.path) = (line, path)
        }

        func metadata() throws(FeatureError) -> TRMetadata {
            let (start, end) = (try seconds(.start), try seconds(.end))
            guard end > start else { throw wrong(.end, "after the start_time \(start)") }
            let codebooks = values[.codebooks].flatMap { $0.isEmpty ? nil : $0 }
            let mode = values[.mode].flatMap { $0.isEmpty ? nil : String($0) }
            guard mode == nil || mode == "encodec" || mode == "mel_spectrogram" else {
                throw wrong(.mode, "encodec or mel_spectrogram")
            }
            return TRMetadata(
                index: try integer(.index), startSeconds: start, endSeconds: end, frameCount: try integer(.frames),
                codebookCount: codebooks == nil ? nil : try integer(.codebooks), encodingMode: mode)
        }

        private func integer(_ column: Column) throws(FeatureError) -> Int {
            let text = values[column] ?? ""
            guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), value <= 1 << 20 else {
                throw wrong(column, "a whole number from 0 to \(1 << 20)")
            }
            return value
        }

        private func seconds(_ column: Column) throws(FeatureError) -> Double {
            let text = values[column] ?? ""
            guard text.utf8.count <= 32, text.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }),
                let value = Double(text), value.isFinite, value >= 0
            else { throw wrong(column, "a number of seconds, 0 or more") }
            return value
        }

        private func wrong(_ column: Column, _ expected: String) -> FeatureError {
            let found = (values[column] ?? "").prefix(80)
            return .badMetadata(
                path: path, line: line, problem: "\(column.rawValue) is \"\(found)\" and must be \(expected)")
        }
    }
}
