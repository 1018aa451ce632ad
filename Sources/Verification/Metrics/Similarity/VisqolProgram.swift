/// Whose decisions are followed where implementations of ViSQOL differ.
enum VisqolProgram: Sendable {
    /// google/visqol, the C++ program.
    case original
    /// visqol-python 3.8.0, which can be run to make goldens.
    case pythonPort

    /// What signals and patches are aligned by.
    var envelope: EnvelopeAlignment.Envelope {
        switch self {
        case .original: .realPart
        case .pythonPort: .analytic
        }
    }

    /// Whether the last patch may match the test signal's last frames.
    ///
    /// The C++ program keeps its match from running over the end and by that leaves out the one start that fits exactly;
    /// the port allows every start and fills up with zeros.
    var lastPatchMayOverrun: Bool {
        switch self {
        case .original: false
        case .pythonPort: true
        }
    }
}
