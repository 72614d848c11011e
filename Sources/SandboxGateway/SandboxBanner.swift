extension SandboxServer {
    /// What to print once the sandbox listens: where the inbox is, and the settings that make a worker use it.
    public func banner() async throws -> String {
        let address = "http://\(configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host)"
        let base = "\(address):\(try await port)"
        let account = configuration.account
        return """
            sms-sandbox: no message leaves this machine
              inbox     \(base)/
              messages  \(base)/messages   \(base)/stats   POST \(base)/reset

            Settings for sms-worker (made-up account, good only here):
              SMS_YUNTONGXUN_BASE_URL=\(base)
              SMS_YUNTONGXUN_ACCOUNT_SID=\(account.accountSID)
              SMS_YUNTONGXUN_AUTH_TOKEN=\(account.authToken)
              SMS_YUNTONGXUN_APP_ID=\(account.appID)
              SMS_YUNTONGXUN_TEMPLATE_ID=1

              SMS_ALIYUN_BASE_URL=\(base)
              SMS_ALIYUN_ACCESS_KEY_ID=\(account.aliyun.accessKeyID)
              SMS_ALIYUN_ACCESS_KEY_SECRET=\(account.aliyun.accessKeySecret)
              SMS_ALIYUN_SIGN_NAME=\(account.aliyun.signName)
              SMS_ALIYUN_TEMPLATE_CODE=\(account.aliyun.templateCode)

              SMS_TENCENT_BASE_URL=\(base)
              SMS_TENCENT_SECRET_ID=\(account.tencent.secretID)
              SMS_TENCENT_SECRET_KEY=\(account.tencent.secretKey)
              SMS_TENCENT_APP_ID=\(account.tencent.appID)
              SMS_TENCENT_SIGN_NAME=\(account.tencent.signName)
              SMS_TENCENT_TEMPLATE_ID=\(account.tencent.templateID)

              SMS_TWILIO_BASE_URL=\(base)
              SMS_TWILIO_ACCOUNT_SID=\(account.twilio.accountSID)
              SMS_TWILIO_AUTH_TOKEN=\(account.twilio.authToken)
              SMS_TWILIO_SENDER=\(account.twilio.from)

              SMS_SNS_BASE_URL=\(base)
              SMS_SNS_REGION=\(account.amazonSNS.region)
              SMS_SNS_ACCESS_KEY_ID=\(account.amazonSNS.accessKeyID)
              SMS_SNS_SECRET_ACCESS_KEY=\(account.amazonSNS.secretAccessKey)

              SMS_WEBHOOK_URL=\(base)/webhook
              SMS_WEBHOOK_SECRETS=\(account.signedWebhook.secret)
            """
    }
}
