public import Logging

extension Setting where Value == String? {
    /// The optional configuration file: `--config`, `SMS_CONFIG`.
    public static var configurationFile: Setting {
        .optionalString("config", flag: "--config", help: "Path of a JSON file with settings")
    }

    /// Where results are stored: `--result-backend`, `SMS_RESULT_BACKEND`.
    public static var resultBackend: Setting {
        .optionalURL(
            "result.backend", flag: "--result-backend", schemes: Setting<String>.redisSchemes,
            help: "The Redis that keeps results in Celery's form (default: none are kept)")
    }

    /// The limits of verifications: `--limits`, `SMS_LIMITS_FILE`.
    public static var limitsFile: Setting {
        .optionalString(
            "limits.file", flag: "--limits",
            help: "File of limits, read again when it changes (default: the limits that README tells)")
    }

    /// The key that signs the audit log: `--audit-key`, `SMS_AUDIT_KEY_FILE`.
    public static var auditKeyFile: Setting {
        .optionalString(
            "audit.keyFile", flag: "--audit-key",
            help: "File with 32 random bytes that sign the audit log (default: it is not signed)")
    }

    /// The key that seals codes and jobs: `--seal`, `SMS_SEAL_KEY_FILE`.
    public static var sealKeyFile: Setting {
        .optionalString(
            "seal.keyFile", flag: "--seal",
            help: "File with 32 random bytes: seals codes and jobs in Redis (default: they are plain, as Django needs)")
    }

    /// Keys that open what is sealed: `SMS_SEAL_OTHER_KEY_FILES`.
    public static var sealOtherKeyFiles: Setting {
        .optionalString(
            "seal.otherKeyFiles", flag: nil, help: "Files of further keys that open what is sealed, with commas")
    }
}

extension Setting where Value == Logger.Level {
    /// The least severe level that is logged: `--log-level`, `SMS_LOG_LEVEL`; Celery's names, in any case, and swift-log's.
    public static var logLevel: Setting {
        Setting(
            "log.level", flag: "--log-level", default: .info, defaultText: "info",

            help: "The least severe level to log",
            expected: "debug, info, notice, warning, error or critical (or trace)"
        ) { Logger.Level(rawValue: $0.lowercased()) }
    }
}

extension Setting where Value == LogFormat {
    /// The form of log lines: `--log-format`, `SMS_LOG_FORMAT`.
    public static var logFormat: Setting {
        .choice(
            "log.format", flag: "--log-format", default: .human,
            help: "The form of log lines; journal: systemd's, with fields")
    }
}

extension Setting where Value == Int? {
    /// The port of health checks and metrics: `--operations-port`, `SMS_OPERATIONS_PORT`; 0 reads as nil: no such server,
    /// and nothing is counted.
    public static func operationsPort(default: Int) -> Setting {
        .portOrOff(
            "operations.port", flag: "--operations-port", default: `default`,
            help: "The port of /healthz, /readyz and /metrics; 0 turns it off")
    }
}

extension Setting where Value == String {
    /// How the address of a Redis may begin.
    public static var redisSchemes: [String] { ["redis", "rediss", "redis+socket", "unix", "sentinel"] }

    /// The address that health checks and metrics listen on: `--operations-host`, `SMS_OPERATIONS_HOST`.
    public static var operationsHost: Setting {
        .string(
            "operations.host", flag: "--operations-host", default: "127.0.0.1",
            help: "The address of /healthz, /readyz and /metrics")
    }

    /// The Redis that carries the jobs: `--broker`, `SMS_BROKER_URL`.
    public static var broker: Setting {
        .url(
            "broker.url", flag: "--broker", schemes: Self.redisSchemes, default: "redis://127.0.0.1:6379/3",
            help: "The Redis that carries the jobs")
    }

    /// The Redis that holds captchas, codes and limits: `--store`, `SMS_STORE_URL`.
    public static var store: Setting {
        .url(
            "store.url", flag: "--store", schemes: Self.redisSchemes, default: "redis://127.0.0.1:6379/2",
            help: "The Redis that holds captchas, codes and limits")
    }

    /// Which numbers are sent to: `--countries`, `SMS_COUNTRIES`.
    public static var countries: Setting {
        .string(
            "countries", flag: "--countries", default: "CN",
            help: "The countries whose numbers are sent to, ISO codes with commas, the home country first")
    }

    /// The queue's name: `--queue`, `SMS_QUEUE`.
    public static var queue: Setting {
        Setting(
            "queue", flag: "--queue", default: "celery", defaultText: "celery", help: "The queue's name",
            expected: "the name of one queue, without blanks, commas or ="
        ) { text in
            text.isEmpty || text.contains { $0.isWhitespace || $0 == "," || $0 == "=" } ? nil : text
        }
    }
}
