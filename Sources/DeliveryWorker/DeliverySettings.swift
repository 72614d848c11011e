internal import Operations
internal import SMSProviders
internal import TaskQueue

extension Setting where Value == Int {
    /// How many messages are sent at once: `--concurrency`, `SMS_CONCURRENCY`.
    static var concurrency: Setting {
        .integer(
            "concurrency", flag: "--concurrency", in: 1...10_000, default: 64, help: "How many tasks run at once")
    }
}

extension Setting where Value == String? {
    /// The worker's name: `--hostname`, `SMS_WORKER_NAME`.
    static var workerName: Setting {
        .optionalString(
            "worker.name", flag: "--hostname", help: "The worker's name (default: sms-worker@<this host>)")
    }

    /// The account at the gateway: `SMS_YUNTONGXUN_ACCOUNT_SID`.
    static var yuntongxunAccountSID: Setting {
        .optionalString("yuntongxun.accountSID", flag: nil, help: "The Yuntongxun account's SID")
    }

    /// The account's token: `SMS_YUNTONGXUN_AUTH_TOKEN`, or in a file that `SMS_YUNTONGXUN_AUTH_TOKEN_FILE` names.
    static var yuntongxunAuthToken: Setting {
        .secret("yuntongxun.authToken", help: "The Yuntongxun account's token")
    }

    /// The application: `SMS_YUNTONGXUN_APP_ID`.
    static var yuntongxunAppID: Setting {
        .optionalString("yuntongxun.appID", flag: nil, help: "The Yuntongxun application's identifier")
    }
}

extension Setting where Value == String {
    /// The gateway's address: `SMS_YUNTONGXUN_BASE_URL`.
    static var yuntongxunBaseURL: Setting {
        .url(
            "yuntongxun.baseURL", flag: nil, schemes: ["https", "http"],
            default: YuntongxunConfiguration.productionURL, help: "The Yuntongxun gateway's address")
    }

    /// The message's template: `SMS_YUNTONGXUN_TEMPLATE_ID`.
    static var yuntongxunTemplateID: Setting {
        .string("yuntongxun.templateID", flag: nil, default: "1", help: "The Yuntongxun template of the message")
    }
}

/// The gateways that a worker can be told to use.
enum ProviderName: String, CaseIterable {
    case yuntongxun
}

extension Setting where Value == ProviderName {
    /// The gateway: `--provider`, `SMS_PROVIDER`.
    static var provider: Setting {
        .choice("provider", flag: "--provider", default: .yuntongxun, help: "The gateway that sends the messages")
    }
}

extension Setting where Value == WorkerConfiguration.Acknowledgement {
    /// When a message is let go: `--ack`, `SMS_ACK`.
    static var acknowledgement: Setting {
        .choice(
            "ack", flag: "--ack", default: .late,
            help: "When a message is let go: late (nothing is lost), early (nothing is sent twice)")
    }
}
