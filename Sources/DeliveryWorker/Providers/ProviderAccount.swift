internal import AsyncHTTPClient
internal import Operations
public import SMSProviders

/// An account at one of the gateways.
public enum ProviderAccount: Sendable {
    /// At Yuntongxun.
    case yuntongxun(YuntongxunConfiguration)

    /// The settings of all accounts.
    static let settings: [SettingDescription] = YuntongxunConfiguration.settings

    /// Reads the account's settings.
    ///
    /// - Throws: ``ConfigurationError``, which names the setting at fault.
    init(_ name: ProviderName, _ settings: Settings) throws(ConfigurationError) {
        switch name {
        case .yuntongxun: self = .yuntongxun(try YuntongxunConfiguration(settings))
        }
    }

    func provider(_ client: HTTPClient) -> any SMSProvider {
        switch self {
        case .yuntongxun(let configuration): Yuntongxun(configuration: configuration, client: client)
        }
    }
}

extension ProviderAccount: CustomStringConvertible {
    /// Without secrets.
    public var description: String {
        switch self {
        case .yuntongxun(let configuration):
            "yuntongxun (\(configuration.baseURL), template \(configuration.templateID))"
        }
    }
}
