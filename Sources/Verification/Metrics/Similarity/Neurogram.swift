import Glibc

/// A picture of band levels over time: row-major (frame, band), in dB above a floor.
struct Neurogram: Sendable {
    let bandCount: Int
    private(set) var values: [Double]
    var frameCount: Int { values.count / bandCount }

    /// Row-major values.
    init(_ values: [Double], bandCount: Int) {
        self.values = values
        self.bandCount = bandCount
    }

    /// Levels of frames of 80 ms every 20 ms under a symmetric Hann window, not yet in dB.
    init(_ signal: ArraySlice<Double>, _ bank: GammatoneBank, sampleRate: Int) {
        bandCount = bank.bandCount
        let length = Int((Double(sampleRate) * 0.08).rounded())
        let hop = length / 4
        let count = signal.count > length ? 1 + (signal.count - length) / hop : 0
        let window = MetricWindow.symmetricHann(length)
        var values = [Double](repeating: 0, count: count * bank.bandCount)
        var frame = [Double](repeating: 0, count: length)
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for index in 0..<count {
                let start = signal.startIndex + index * hop
                for n in 0..<length { frame[n] = window[n] * signal[start + n] }
                bank.levels(frame, into: base + index * bank.bandCount)
            }
        }
        self.values = values
    }

    /// Both in dB (10 log10 of levels), at least -45 and at least 45 below the louder one's peak in each frame, then
    /// shifted so that the smallest of all is 0.
    static func prepare(_ x: inout Neurogram, _ y: inout Neurogram) {
        x.toDecibels()
        y.toDecibels()
        let bands = x.bandCount
        for frame in 0..<min(x.frameCount, y.frameCount) {
            let range = frame * bands..<(frame + 1) * bands
            let floor = max(x.values[range].reduce(-.infinity, max), y.values[range].reduce(-.infinity, max)) - 45
            for index in range {
                x.values[index] = max(x.values[index], floor)
                y.values[index] = max(y.values[index], floor)
            }
        }
        let least = min(x.values.reduce(.infinity, min), y.values.reduce(.infinity, min))
        for index in x.values.indices { x.values[index] -= least }
        for index in y.values.indices { y.values[index] -= least }
    }

    private mutating func toDecibels() {
        for index in values.indices {
            let level = values[index] == 0 ? Double.ulpOfOne : values[index]
            values[index] = max(10 * log10(level), -45)
        }
    }

    /// `count` frames from `start`; zeros beyond the end.
    func patch(from start: Int, count: Int) -> Neurogram {
        var result = [Double](repeating: 0, count: count * bandCount)
        let end = min(start + count, frameCount)
        if end > start {
            result.replaceSubrange(0..<(end - start) * bandCount, with: values[start * bandCount..<end * bandCount])
        }
        return Neurogram(result, bandCount: bandCount)
    }
}
