internal import Operations
internal import SMSProviders

extension SettingsReader {
    /// Where a provider's gateway reports what became of a message; nil when it is not to report.
    mutating func callback(_ provider: String) -> String? {
        read(.callbackURL).map { "\($0.droppingTrailingSlash)/callbacks/\(provider)" }
    }

    /// Lets a provider's client look at the values of its account. What is wrong with one that is missing was said.
    mutating func check(_ account: some CheckedAccount, _ provider: String, _ descriptions: [SettingDescription]) {
        for fault in account.faults {
            let setting = descriptions.first { $0.key == "\(provider).\(fault.property)" }
            if let setting, isMissing(setting) { continue }
            add(ConfigurationError("\(setting?.variable ?? fault.property): \(fault.description)"))
        }
    }
}
