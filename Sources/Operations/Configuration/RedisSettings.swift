public import RedisClient

extension Settings {
    /// The Redis that a setting's URL names, its certificate files being usable; the error says which setting is wrong
    /// and why, without the password.
    public func redisURL(_ setting: Setting<String>) throws(ConfigurationError) -> RedisURL {
        let text = try read(setting)
        do throws(RedisError) {
            let url = try RedisURL(text)
            try url.tls?.checkFiles()
            return url
        } catch {
            let names = [setting.description.flag, setting.description.variable].compactMap { $0 }
            throw ConfigurationError("\(names.joined(separator: " or ")): \(error)")
        }
    }
}
