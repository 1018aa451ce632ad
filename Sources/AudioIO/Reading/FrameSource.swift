/// A file that delivers its own frames at its own rate, one block after another.
protocol FrameSource: AnyObject {
    /// What the file says about itself.
    var info: AudioFileInfo { get }
    /// Where its channels belong.
    var layout: SpeakerLayout { get }
    /// Fills `buffer` from its start with interleaved frames and returns how many; 0 only at the end.
    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioFileError) -> Int
}

/// Opens the file with the first library that knows its contents.
enum FrameSources {
    /// Opens `path` with libsndfile, or else with libav, which also reads OGG files with holes.
    static func open(_ path: String) throws(AudioFileError) -> any FrameSource {
        let file = try FileDescriptor.openRegularFile(path)
        try DeclaredLength.check(file, path: path)
        if try OggPages.haveHole(file, path: path) { return try LibAVSource(path: path) }
        do throws(AudioFileError) {
            return try SndFileSource(path: path, file: file)
        } catch let first {
            guard case .notAudio(_, let firstFault) = first else { throw first }
            do throws(AudioFileError) {
                return try LibAVSource(path: path)
            } catch let second {
                // A file that libsndfile knows but finds malformed is better explained by libsndfile.
                guard case .notAudio = second, firstFault.code != SndFileSource.unrecognisedCode else { throw second }
                throw first
            }
        }
    }
}
