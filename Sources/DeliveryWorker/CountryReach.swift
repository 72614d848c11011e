internal import Operations
internal import SMSProviders
internal import SMSVerification

/// To which countries accounts can be expected to send, as far as their settings tell.
struct CountryReach {
    private let accounts: [ProviderAccount]

    init(_ accounts: [ProviderAccount]) {
        self.accounts = accounts
    }

    /// What to look at when codes are asked for from these countries; nil: nothing.
    func advice(on countries: [CountryCode]) -> String? {
        let missed = countries.filter { country in !accounts.contains { $0.reaches(country) } }
        guard !accounts.isEmpty, !missed.isEmpty else { return nil }
        let names = missed.map(\.text).joined(separator: ", ")
        return "\(Setting.countries.description.name) has \(names), and no provider of --provider is known to send "
            + "there: a template for the mainland is refused abroad; add twilio, sns or webhook"
    }
}

extension ProviderAccount {
    /// Templates of the mainland's vendors are approved for the mainland or for abroad; those at gateways for accounts
    /// abroad are not judged.
    fileprivate func reaches(_ country: CountryCode) -> Bool {
        switch self {
        case .yuntongxun: country == .china
        case .aliyun(let account): country == .china || account.baseURL != AliyunConfiguration.productionURL
        case .tencent(let account): country == .china || account.baseURL != TencentConfiguration.productionURL
        case .twilio, .sns, .webhook: true
        }
    }
}
