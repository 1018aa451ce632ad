import Foundation
import Verification

/// What verification and the network need from outside.
enum SurroundingDiagnoses {
    /// - Parameters:
    ///   - goldens: The folder of goldens.
    ///   - environment: Holds the settings of hub and proxy.
    /// - Returns: Goldens, PESQ, hub and proxy.
    static func all(goldens: String, environment: [String: String]) -> [Diagnosis] {
        [Self.goldens(goldens), pesq(), hub(environment), proxy(environment)]
    }

    private static func goldens(_ path: String) -> Diagnosis {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: path + "/encodec")
            guard !names.isEmpty else {
                return .problem(
                    "goldens", "'\(path)/encodec' is empty", "restore the folder GoldenData of the repository")
            }
            return .ok("goldens", "'\(path)', \(names.count) codecs")
        } catch {
            return .problem(
                "goldens", "none in '\(path)'", "run from the repository's top folder or pass --goldens")
        }
    }

    private static func pesq() -> Diagnosis {
        switch PESQProvider.search() {
        case .success(let provider): .ok("PESQ", provider.metricID)
        case .failure(let absence): .note("PESQ", absence.description, absence.remedy)
        }
    }

    private static func hub(_ environment: [String: String]) -> Diagnosis {
        do {
            let settings = try HubSettings(environment: environment)
            let token =
                switch settings.tokenUse {
                case .none: "without HF_TOKEN"
                case .withheld: "HF_TOKEN is set and withheld, the endpoint is not https"
                case .sent: "with HF_TOKEN"
                }
            return .ok("hub", "\(settings.endpoint.plainAddress), \(token)")
        } catch {
            return .note("hub", "codec fetch cannot be used", "\(error)")
        }
    }

    /// The proxy variables, without the passwords in them.
    private static func proxy(_ environment: [String: String]) -> Diagnosis {
        let names = ["HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"]
        let set = names.compactMap { name in
            environment[name].flatMap { $0.isEmpty ? nil : "\(name)=\(withoutPassword($0))" }
        }
        return .ok("proxy", set.isEmpty ? "none" : set.joined(separator: ", "))
    }

    private static func withoutPassword(_ value: String) -> String {
        guard let at = value.lastIndex(of: "@") else { return value }
        let scheme = value.range(of: "://").map { String(value[..<$0.upperBound]) } ?? ""
        return scheme + value[value.index(after: at)...]
    }
}
