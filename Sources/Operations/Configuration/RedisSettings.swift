public import RedisClient

extension Settings {
    /// The Redis that a setting's URL names, its certificate files being usable; the error says which setting is wrong
    /// and why, without the password.
    public func redisURL(_ setting: Setting<String>) throws(ConfigurationError) -> RedisURL {
        try redisURL(try read(setting), of: setting.description)
    }

    /// The same for a setting that need not be given: nil then.
    public func redisURL(_ setting: Setting<String?>) throws(ConfigurationError) -> RedisURL? {
        guard let text = try read(setting) else { return nil }
        return try redisURL(text, of: setting.description)
    }

    private func redisURL(_ text: String, of setting: SettingDescription) throws(ConfigurationError) -> RedisURL {
        do throws(RedisError) {
            let url = try RedisURL(text)
            try url.tls?.checkFiles()
            return url
        } catch {
            throw ConfigurationError("\(setting.name): \(error)")
        }
    }
}
