internal import Operations

extension Setting where Value == String {
    /// The address that the console listens on: `--host`, `SMS_WEB_HOST`.
    static var webHost: Setting {
        .string("web.host", flag: "--host", default: "127.0.0.1", help: "The address to listen on")
    }
}

extension Setting where Value == Int {
    /// The port that the console listens on: `--port`, `SMS_WEB_PORT`.
    static var webPort: Setting {
        .port("web.port", flag: "--port", default: 8095, help: "The port to listen on")
    }
}

extension Setting where Value == String? {
    /// The Redis whose limits are shown: `--store`, `SMS_STORE_URL`; nil: none are.
    static var shownStore: Setting {
        .optionalURL(
            Setting<String>.store.description.key, flag: "--store", schemes: Setting<String>.redisSchemes,
            help: "The Redis of sms-api, of whose limits is told how much is in use (default: none is told)")
    }

    /// What people sign in with: `SMS_WEB_TOKEN`, `SMS_WEB_TOKEN_FILE`.
    static var webToken: Setting {
        .secret("web.token", help: "What people sign in with, 32 characters or more")
    }
}

extension Setting where Value == Switch {
    /// Nothing can be changed: `--read-only`, `SMS_WEB_READ_ONLY`.
    static var webReadOnly: Setting {
        .choice("web.readOnly", flag: "--read-only", default: .no, help: "Change nothing, only look")
    }

    /// A proxy speaks TLS with browsers: `--trust-https`, `SMS_WEB_TRUST_HTTPS`.
    static var webTrustHTTPS: Setting {
        .choice(
            "web.trustHTTPS", flag: "--trust-https", default: .no,
            help: "Browsers come over TLS, through a proxy: cookies are for TLS alone")
    }
}
