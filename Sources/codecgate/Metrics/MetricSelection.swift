import FoundationEssentials
import Glibc
import Verification

/// What is measured: a panel, and PESQ where the user has it.
struct MetricSelection: Sendable {
    /// Metrics that take any rate and length.
    let panel: MetricPanel
    /// PESQ, which is measured at 16 kHz in segments; nil when not asked for.
    let pesq: Metric?

    private static let presets: [(name: String, panel: MetricPanel)] = [
        ("general", .general), ("speech", .speech), ("all", .all), ("film", .film), ("compatible", .compatible),
    ]

    /// Names of presets and metrics, for shells.
    static var names: [String] { presets.map(\.name) + known.map(\.descriptor.id) }

    /// Every metric of every preset, each once.
    private static var known: [Metric] { distinct(presets.flatMap(\.panel.metrics)) }

    /// Understands `--metrics` and `--pesq`.
    ///
    /// - Parameters:
    ///   - list: Ids and names of presets, separated by commas.
    ///   - pesq: `off`, `auto`, a PESQ program or a Python interpreter.
    /// - Throws: ``CommandError`` for an unknown id, and for a program that does not exist.
    init(metrics list: String, pesq: String) throws(CommandError) {
        var chosen: [Metric] = []
        for name in list.split(separator: ",").map({ $0.filter { $0 != " " } }) where !name.isEmpty {
            if let preset = Self.presets.first(where: { $0.name == name }) {
                chosen += preset.panel.metrics
            } else if let metric = Self.known.first(where: { $0.descriptor.id == name }) {
                chosen.append(metric)
            } else {
                let presets = Self.presets.map(\.name).joined(separator: ", ")
                let ids = Self.known.map(\.descriptor.id).joined(separator: ", ")
                throw .usage("there is no metric '\(name)'; choose from the presets \(presets), or from \(ids)")
            }
        }
        guard !chosen.isEmpty else {
            throw .usage("--metrics '\(list)' names no metric; give ids or presets such as film")
        }
        panel = MetricPanel(Self.distinct(chosen))
        self.pesq = try Self.pesqMetric(pesq)
    }

    /// All that will be measured, in order of the report.
    var descriptors: [MetricDescriptor] {
        panel.metrics.map(\.descriptor) + [pesq?.descriptor].compactMap(\.self)
    }

    private static func distinct(_ metrics: [Metric]) -> [Metric] {
        var seen: Set<String> = []
        return metrics.filter { seen.insert($0.descriptor.id).inserted }
    }

    private static func pesqMetric(_ choice: String) throws(CommandError) -> Metric? {
        choice == "off" ? nil : PESQProvider.metric(try pesqProvider(choice))
    }

    /// What scores PESQ.
    ///
    /// - Parameter choice: `off`, `auto`, a PESQ program or a Python interpreter.
    /// - Returns: Nil for `off` and where none was found.
    /// - Throws: ``CommandError`` for a program that does not exist, and for an interpreter without a module that works.
    static func pesqProvider(_ choice: String) throws(CommandError) -> PESQProvider? {
        switch choice {
        case "off": return nil
        case "auto": return PESQProvider.find()
        default:
            guard access(choice, X_OK) == 0 else {
                let reason = String(cString: strerror(errno))
                throw .noInput("--pesq '\(choice)' cannot be run (\(reason)); name a PESQ program, auto or off")
            }
            let name = choice.split(separator: "/").last ?? ""
            guard name.hasPrefix("python") else { return PESQProvider(.binary(path: choice)) }
            do throws(PESQAbsence) { return try PESQProvider.search(python: choice).get() } catch {
                throw .noInput("--pesq: \(error); \(error.remedy)")
            }
        }
    }
}
