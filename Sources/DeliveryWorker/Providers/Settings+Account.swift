internal import Operations
internal import SMSProviders

extension Settings {
    /// Lets a provider's client look at the values of its account.
    ///
    /// - Throws: ``ConfigurationError`` with the name of the setting at fault.
    func check(
        _ validate: () throws(AccountFault) -> Void, _ provider: String, _ descriptions: [SettingDescription]
    ) throws(ConfigurationError) {
        do throws(AccountFault) {
            try validate()
        } catch {
            let setting = descriptions.first { $0.key == "\(provider).\(error.property)" }
            throw ConfigurationError("\(setting?.variable ?? error.property): \(error.description)")
        }
    }
}
