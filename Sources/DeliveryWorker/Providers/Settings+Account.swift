internal import Operations
internal import SMSProviders

extension Settings {
    /// Where a provider's gateway reports what became of a message; nil when it is not to report.
    func callback(_ provider: String) throws(ConfigurationError) -> String? {
        try read(.callbackURL).map { "\($0.droppingTrailingSlash)/callbacks/\(provider)" }
    }

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
