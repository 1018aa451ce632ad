internal import AudioIO
internal import EnCodec
public import FeaturePipeline
public import Foundation
internal import NumericCore
public import Verification

/// A film and everything that a pipeline can make of it, made once, kept on disk and read in stretches.
///
/// Memory does not grow with the film but for its codes, 2.4 kB a second at 8 codebooks, and once a model is trained on
/// mel features for these, 14 kB a second. The pipeline works in whole TRs;
/// what lies behind the last one is left out. Not for use from several tasks at once.
public final class FilmContext {
    /// A film and how it is to be treated.
    public struct Request {
        /// An audio or video file.
        public var path: String
        /// `start,end,label` in seconds, or nil.
        public var labelsPath: String?
        /// The codec.
        public var codec: AudioProcessor.Codec
        /// Bandwidth of everything that has none of its own, one of the codec's.
        public var bandwidthKbps = PipelineDefaults.bandwidthKbps
        /// Features of the film that somebody else made, which are then what is judged; or nil.
        public var features: GivenFeatures?
        /// The time of one row.
        public var repetitionTime = RepetitionTime.standard
        /// Use no more TRs than these, or nil.
        public var maximumTRCount: Int?
        /// Seed of Griffin-Lim's phases and of the controls.
        public var seed: UInt64 = 0
        /// Threads that work at the same time.
        public var threadCount = 1
        /// A folder of the context's own; made, and removed by ``FilmContext/close()``.
        public var scratch: URL
        /// Called often while versions are made; what it throws ends the work.
        public var checkpoint: () throws -> Void = {}
        /// Brain data of a listener, or nil.
        public var scan: GivenScan?
        /// How models are trained on the film.
        var training = TrialSettings()
        /// The report's folder, which gets sounds to listen to; nil for none.
        public var reportFolder: URL?

        /// A request with the defaults.
        ///
        /// - Parameters:
        ///   - path: An audio or video file.
        ///   - codec: The codec.
        ///   - scratch: A folder of the context's own.
        public init(path: String, codec: AudioProcessor.Codec, scratch: URL) {
            (self.path, self.codec, self.scratch) = (path, codec, scratch)
        }
    }

    /// What was asked for.
    public let request: Request
    /// SHA-256 of the film's file.
    public let sha256: String
    /// SHA-256 of the labels' file, or nil.
    public let labelsSHA256: String?
    /// Name of the library that decoded the film.
    public let decoderBackend: String
    /// The film, one channel at the codec's rate, whole TRs.
    public let original: StoredSound
    /// In order of time; they cover the film.
    public let segments: [FilmSegment]
    /// Where frames of codes stand.
    public let clock: FrameClock
    /// Whole TRs of the film.
    public let trCount: Int
    /// Seconds by name, for timings: they are no findings, since they differ from run to run.
    public internal(set) var timings: [String: Double] = [:]
    var made: [FilmVersion: Result<StoredSound, any Error>] = [:]
    var allCodes: Result<Tensor<Int32>, any Error>?
    var shownVersions: [FilmVersion: [Int: Finding.Attachment]] = [:]
    var trainedRuns: [TrainedForm: Result<TrainedRun, any Error>] = [:]
    /// Synthetic brains by the number of voxels that answer.
    var brainRuns: [Int: Result<BrainTrial.Outcome, any Error>] = [:]
    var madeMel: Result<TRFeatures, any Error>?

    /// Decodes a film to disk and cuts it.
    ///
    /// - Parameter request: The film and how it is to be treated.
    /// - Throws: `AudioFileError`, `EncodecError` for a bandwidth the codec lacks, `FeatureError` for a codec that has no
    ///   place in TRs, `ArrayFileError`, ``FilmError``.
    public init(_ request: Request) throws {
        self.request = request
        var settings = AudioProcessor.Configuration()
        settings.useEncodec = true
        settings.bandwidthKbps = request.bandwidthKbps
        settings.repetitionTime = request.repetitionTime
        settings.maximumTRCount = request.maximumTRCount
        clock = try AudioProcessor(settings, codec: request.codec).clock
        let track = try request.labelsPath.map(Self.labels)
        labelsSHA256 = try request.labelsPath.map { try SHA256.hexadecimal(ofFile: $0) }
        let reader = try AudioReader(path: request.path, sampleRate: clock.sampleRate, channels: .mono)
        decoderBackend = reader.info.backend.rawValue
        sha256 = try SHA256.hexadecimal(ofFile: request.path)
        try Self.makeFolder(request.scratch)
        do {
            let whole = try Self.record(
                reader, to: request.scratch.appendingPathComponent("film.f32").path, checkpoint: request.checkpoint)
            trCount = clock.trCount(ofSamples: whole.sampleCount, limit: request.maximumTRCount)
            guard trCount > 0 else {
                let seconds = Double(whole.sampleCount) / Double(clock.sampleRate)
                throw FilmError.tooShort(
                    path: request.path, seconds: request.maximumTRCount == 0 ? 0 : seconds,
                    repetitionSeconds: request.repetitionTime.seconds)
            }
            original = try whole.prefix(clock.sampleCount(ofTRs: trCount))
            segments = try FilmSegmentation(track: track, sampleRate: clock.sampleRate).segments(of: original)
        } catch {
            Self.remove(request.scratch)
            throw error
        }
        made[.original] = .success(original)
    }

    /// The film's file name.
    public var name: String { URL(filePath: request.path).lastPathComponent }
    /// Bandwidths of the codec in kbps, ascending.
    public var bandwidths: [Double] { request.codec.model.configuration.targetBandwidths.sorted() }
    /// The codec's bandwidth that the run is about.
    public var bandwidthKbps: Double { request.bandwidthKbps }

    /// What time, level, quality and comparison are about: the given features, or the codec at the run's bandwidth.
    public var subject: FilmVersion { request.features == nil ? .encodec(kbps: bandwidthKbps) : .features }

    /// Whether the codec is the embedded one, which shows how the verification works and is not meant for use.
    public var isDemonstration: Bool { request.codec.identifier == CodecFiles.embeddedName }

    /// - Throws: ``NotMeasurable`` when every segment is silent: codes and lags of silence say nothing.
    func requireSound() throws(NotMeasurable) {
        guard segments.contains(where: { !$0.isSilent }) else {
            throw NotMeasurable("the film is silent throughout", remedy: "verify a film with sound")
        }
    }

    /// Removes the scratch files; sounds must not be asked for any more.
    public func close() {
        made = [:]
        Self.remove(request.scratch)
    }

    /// What a reader must know about the film, for the report.
    public var facts: [RunInfo.Fact] {
        let labelled = labelsSHA256.map { "SHA-256 \($0)" } ?? "none: mix, or silence below -60 dB of full scale"
        return [
            .init(name: "film", value: name), .init(name: "SHA-256 of the film", value: sha256),
            .init(name: "labels", value: labelled), .init(name: "decoder", value: decoderBackend),
            .init(name: "features", value: request.features.map { "\($0.label), SHA-256 \($0.sha256)" } ?? "none"),
            .init(name: "scan", value: request.scan.map { "\($0.label), SHA-256 \($0.sha256)" } ?? "none"),
            .init(name: "codec", value: codecText),
            .init(name: "SHA-256 of the codec's weights", value: request.codec.weightsSHA256),
            .init(name: "bandwidth", value: "\(bandwidthKbps.bandwidthText) kbps"),
            .init(name: "TR", value: "\(request.repetitionTime)"),
            .init(name: "TRs", value: "\(trCount), \(original.sampleCount) samples at \(clock.sampleRate) Hz"),
            .init(name: "segments", value: "\(segments.count), \(segments.count { $0.isSilent }) of them silent"),
        ]
    }

    private var codecText: String {
        let name = request.codec.identifier
        return isDemonstration ? "\(name), a demonstration codec that is not expected to pass" : name
    }

    private static func labels(_ path: String) throws -> LabelTrack {
        let text: String
        do { text = try String(contentsOf: URL(filePath: path), encoding: .utf8) } catch {
            throw FilmError.badLabels(path: path, problem: error.localizedDescription)
        }
        do { return try LabelTrack(csv: text) } catch { throw FilmError.badLabels(path: path, problem: "\(error)") }
    }

    private static func record(
        _ reader: AudioReader, to path: String, checkpoint: @escaping () throws -> Void
    ) throws -> StoredSound {
        let recorder = try SoundRecorder(path: path, sampleRate: reader.sampleRate, checkpoint: checkpoint)
        var block = [Float](repeating: 0, count: 1 << 16)
        while true {
            let count = try block.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
            guard count > 0 else { return try recorder.finish() }
            try recorder.write(Array(block[..<count]))
        }
    }

    private static func makeFolder(_ url: URL) throws(FilmError) {
        do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
            throw .system(operation: "create", path: url.path, reason: error.localizedDescription)
        }
    }

    /// Removes the sounds of an earlier run from a report's folder, and nothing else.
    ///
    /// - Parameter folder: The report's folder.
    /// - Throws: ``FilmError/system(operation:path:reason:)``.
    public static func removeSnippets(in folder: URL) throws(FilmError) {
        let sounds = folder.appendingPathComponent(snippetFolder)
        guard FileManager.default.fileExists(atPath: sounds.path) else { return }
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: sounds.path)
            where name.hasPrefix("segment-") && name.hasSuffix(".wav") {
                try FileManager.default.removeItem(at: sounds.appendingPathComponent(name))
            }
        } catch { throw .system(operation: "clear", path: sounds.path, reason: error.localizedDescription) }
    }

    /// What cannot be removed stays behind; the run is over all the same.
    private static func remove(_ url: URL) {
        do { try FileManager.default.removeItem(at: url) } catch { return }
    }
}
