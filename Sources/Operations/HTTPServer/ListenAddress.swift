/// Where a server listens, and which settings choose that.
public struct ListenAddress: Sendable {
    /// The address, or a name of this machine.
    public let host: String
    /// The port; 0 takes any free one.
    public let port: Int
    /// The setting that chooses the address.
    public let hostSetting: SettingDescription
    /// The setting that chooses the port.
    public let portSetting: SettingDescription

    /// An address that two settings have chosen.
    public init(host: String, port: Int, hostSetting: SettingDescription, portSetting: SettingDescription) {
        self.host = host
        self.port = port
        self.hostSetting = hostSetting
        self.portSetting = portSetting
    }
}
