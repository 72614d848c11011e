#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The credentials that systemd hands to a service: files in the folder that `CREDENTIALS_DIRECTORY` names, which no other
/// process can read; see <https://systemd.io/CREDENTIALS/>.
///
/// A setting's credential has the name of its variable in small letters, without `SMS_`: `yuntongxun-auth-token`,
/// `broker-url`. Of a setting that names a file, the credential is the file: `seal-key`, `tls-certificate`; of one that names
/// several, it is the only one: `seal-other-key`. When systemd was given a whole folder as `sms`, names begin with `sms_`.
struct Credentials {
    let folder: String

    /// The texts of those settings that there are credentials for, by their keys.
    func texts(for declared: [SettingDescription], _ faults: inout [ConfigurationError]) -> [String: String] {
        var texts: [String: String] = [:]
        for setting in declared {
            guard let path = path(of: setting) else { continue }
            do throws(ConfigurationError) {
                texts[setting.key] = setting.namesFile ? path : try contents(of: path)
            } catch {
                faults.append(error)
            }
        }
        return texts
    }

    /// Where the credential of that setting is; nil when there is none.
    func path(of setting: SettingDescription) -> String? {
        ["sms_", ""].map { "\(folder)/\($0)\(setting.credential)" }.first { access($0, F_OK) == 0 }
    }

    private func contents(of path: String) throws(ConfigurationError) -> String {
        do {
            return try textOfFile(path)
        } catch {
            throw ConfigurationError("cannot read the credential \(path): \(error); correct it or leave it out")
        }
    }
}

extension SettingDescription {
    /// Settings that name a file, and whose keys do not say so.
    private static let otherFiles: Set = ["config", "periodic.tasks"]

    /// Its value is the path of a file, or of several.
    fileprivate var namesFile: Bool { fileSuffix != nil || Self.otherFiles.contains(key) }

    private var fileSuffix: String? {
        ["_FILE", "_FILES"].first { variable.hasSuffix($0) }
    }

    /// The name of its credential.
    package var credential: String {
        variable.dropFirst("SMS_".count).dropLast(fileSuffix?.count ?? 0).lowercased().replacing("_", with: "-")
    }
}
