/// The learning rate after a number of steps: a linear warm-up, then half a cosine down to a minimum.
public struct WarmupCosineSchedule: Sendable, Equatable {
    /// Where the warm-up ends.
    public enum Hinge: String, Sendable, CaseIterable {
        /// At the full rate after W steps, as PyTorch's `SequentialLR`; the default.
        case full
        /// One step early, as the Python system does it: the rate peaks a W-th below the full rate.
        case early
    }

    /// The full rate.
    public let rate: Double
    /// The rate before the first step.
    public let start: Double
    /// The rate at the end.
    public let minimum: Double
    /// W: steps of the warm-up.
    public let warmupSteps: Int
    /// Steps of the whole run.
    public let totalSteps: Int
    /// Where the warm-up ends.
    public let hinge: Hinge

    /// Describes a schedule.
    ///
    /// - Parameters:
    ///   - rate: The full rate, above 0.
    ///   - start: The rate before the first step; ignored without warm-up.
    ///   - minimum: The rate at the end.
    ///   - warmupSteps: W, at least 0 and below `totalSteps`.
    ///   - totalSteps: At least 1.
    ///   - hinge: Where the warm-up ends.
    public init(
        rate: Double, start: Double = 1e-5, minimum: Double = 1e-6, warmupSteps: Int, totalSteps: Int,
        hinge: Hinge = .full
    ) {
        precondition(warmupSteps >= 0 && warmupSteps < totalSteps, "a warm-up of \(warmupSteps) of \(totalSteps) steps")
        self.rate = rate
        self.start = start
        self.minimum = minimum
        self.warmupSteps = warmupSteps
        self.totalSteps = totalSteps
        self.hinge = hinge
    }

    /// The rate in force after `steps` optimiser steps, so that the first step uses `learningRate(after: 0)`.
    ///
    /// - Parameter steps: At least 0; past the end the last rate stays. With the early hinge the cosine is over one step
    ///   before the end and has begun to rise again at the last one, as PyTorch's does.
    /// - Returns: The rate.
    public func learningRate(after steps: Int) -> Double {
        let lastWarm =
            switch hinge {
            case .full: warmupSteps
            case .early: max(0, warmupSteps - 1)
            }
        if steps < lastWarm { return warm(steps) }
        let isPastEnd = min(steps, totalSteps) - lastWarm > totalSteps - warmupSteps
        // PyTorch rises again from the full rate's cosine, not from that of the peak it fell from.
        let peak = warmupSteps == 0 || isPastEnd ? rate : warm(lastWarm)
        let span = Double(totalSteps - warmupSteps)
        let progress = Double(min(steps, totalSteps) - lastWarm) / span
        return minimum + (peak - minimum) * (1 + cosine(.pi * progress)) / 2
    }

    private func warm(_ steps: Int) -> Double { start + (rate - start) * Double(steps) / Double(warmupSteps) }
}
