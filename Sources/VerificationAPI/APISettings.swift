internal import CaptchaImage
internal import Operations
internal import SMSVerification

extension Setting where Value == String {
    /// The address that the API listens on: `--host`, `SMS_API_HOST`.
    static var apiHost: Setting {
        .string("api.host", flag: "--host", default: "127.0.0.1", help: "The address to listen on")
    }

    /// For whom receipts are: `--receipt-audience`, `SMS_RECEIPT_AUDIENCE`.
    static var receiptAudience: Setting {
        .string(
            "receipt.audience", flag: "--receipt-audience", default: "shop",
            help: "The application that reads receipts, their claim aud")
    }
}

extension Setting where Value == Int {
    /// The port that the API listens on: `--port`, `SMS_API_PORT`.
    static var apiPort: Setting {
        .port("api.port", flag: "--port", default: 8080, help: "The port to listen on")
    }

    /// How many pictures an address is shown: `SMS_PICTURES_PER_MINUTE`.
    static var picturesPerMinute: Setting {
        .integer(
            "pictures.perMinute", flag: nil, in: 0...1_000_000, default: VerificationPolicy().picturesPerMinute,
            help: "How many captchas an address is shown in a minute; 0: any number")
    }

    /// How many proxies a request passes: `--trusted-hops`, `SMS_TRUSTED_HOPS`.
    static var trustedHops: Setting {
        .integer(
            "trusted.hops", flag: "--trusted-hops", in: 0...16, default: 0,
            help: "How many proxies a request passes that tell whom they work for; 0: none is believed")
    }

    /// How much work a challenge asks for: `SMS_WORK_BITS`.
    static var workBits: Setting {
        .integer(
            "work.bits", flag: nil, in: ProofOfWork.possibleBits.lowerBound...20, default: ProofOfWorkPolicy().baseBits,
            help: "Proof of work: 2 to that power hashes are needed on average")
    }
}

extension Setting where Value == CaptchaDesignName {
    /// How pictures look: `--captcha-design`, `SMS_CAPTCHA_DESIGN`.
    static var captchaDesign: Setting {
        .choice("captcha.design", flag: "--captcha-design", default: .zigzag, help: "How pictures look: zigzag or rows")
    }
}

extension Setting where Value == CaptchaAlphabet {
    /// What pictures show: `SMS_CAPTCHA_ALPHABET`.
    static var captchaAlphabet: Setting {
        let standard = CaptchaAlphabet.standard
        return Setting(
            "captcha.alphabet", flag: nil, default: standard, defaultText: String(standard.characters),
            help: "The characters that captchas show", expected: "ten or more different characters of A-Z and 0-9"
        ) { CaptchaAlphabet($0) }
    }
}

extension Setting where Value == TrustedHops.Header {
    /// `SMS_TRUSTED_HEADER`.
    static var trustedHeader: Setting {
        .choice(
            "trusted.header", flag: nil, default: .xForwardedFor,
            help: "What trusted proxies write: x-forwarded-for or forwarded")
    }
}

extension Setting where Value == [AddressRange] {
    /// `--trusted-proxies`, `SMS_TRUSTED_PROXIES`.
    static var trustedProxies: Setting {
        Setting(
            "trusted.proxies", flag: "--trusted-proxies", default: [], defaultText: nil,
            help: "From where trusted proxies connect, with commas: 10.0.0.0/8",
            expected: "addresses or networks with commas between them"
        ) { text in
            let ranges = text.split(separator: ",").map { AddressRange($0.filter { !$0.isWhitespace }) }
            return ranges.contains { $0 == nil } ? nil : ranges.compactMap { $0 }
        }
    }
}

extension Setting where Value == Switch {
    /// `--proxy-protocol`, `SMS_PROXY_PROTOCOL`.
    static var proxyProtocol: Setting {
        .choice(
            "proxy.protocol", flag: "--proxy-protocol", default: .no,
            help: "Trusted proxies tell whom they work for by the PROXY protocol, version 1 or 2")
    }

    /// Whether the tutorial's routes are there: `--no-tutorial-routes`, `SMS_TUTORIAL_ROUTES`.
    static var tutorialRoutes: Setting {
        .choice(
            "tutorial.routes", flag: "--tutorial-routes", default: .yes,
            help: "Serve /image_codes/ and /sms_codes/, as the tutorial's front ends expect")
    }
}

extension Setting where Value == String? {
    /// Where the demo page links to: `SMS_API_INBOX_URL`.
    static var inboxURL: Setting {
        .optionalURL(
            "api.inboxURL", flag: nil, schemes: ["http", "https"],
            help: "The sandbox's inbox, which the demo page links to")
    }

    /// The service as the outside sees it: `--public-url`, `SMS_PUBLIC_URL`.
    static var publicURL: Setting {
        .optionalURL(
            "public.url", flag: "--public-url", schemes: ["https", "http"],
            help: "The service's address as browsers see it: receipts name it, and with https cookies are secure")
    }

    /// `SMS_CAPTCHA_FONTS`.
    static var captchaFonts: Setting {
        .optionalString(
            "captcha.fonts", flag: nil,
            help: "Font files that captchas are drawn with, with commas (default: five bold faces)")
    }

    /// `--allowed-origins`, `SMS_ALLOWED_ORIGINS`.
    static var allowedOrigins: Setting {
        .optionalString(
            "allowed.origins", flag: "--allowed-origins",
            help: "Other origins whose pages may use /v1, with commas: https://shop.example")
    }

    /// `SMS_WORK_KEY_FILE`.
    static var workKeyFile: Setting {
        .optionalString(
            "work.keyFile", flag: nil,
            help: "File with 32 random bytes that sign challenges (default: a key of this run alone)")
    }

    /// `SMS_WORK_PREVIOUS_KEY_FILE`.
    static var workPreviousKeyFile: Setting {
        .optionalString("work.previousKeyFile", flag: nil, help: "File of the key that signed challenges before")
    }

    /// `SMS_RECEIPT_KEY_FILE`.
    static var receiptKeyFile: Setting {
        .optionalString(
            "receipt.keyFile", flag: "--receipt-key",
            help: """
                PEM file of the P-256 key that signs receipts; made if missing (default: receipt-key.pem in \
                $STATE_DIRECTORY, which systemd sets, else a key of this run alone)
                """)
    }

    /// `SMS_RECEIPT_PUBLISHED_KEY_FILES`.
    static var receiptPublishedKeyFiles: Setting {
        .optionalString(
            "receipt.publishedKeyFiles", flag: nil, help: "PEM files of further keys in the key set, with commas")
    }

    /// `SMS_RECEIPT_PSEUDONYM_KEY_FILE`.
    static var receiptPseudonymKeyFile: Setting {
        .optionalString(
            "receipt.pseudonymKeyFile", flag: nil,
            help: "File with 32 random bytes: receipts name numbers by pseudonyms made with it (default: by themselves)"
        )
    }

    /// `--tls-certificate`, `SMS_TLS_CERTIFICATE_FILE`.
    static var tlsCertificateFile: Setting {
        .optionalString(
            "tls.certificateFile", flag: "--tls-certificate",
            help: "PEM file of the certificate and its chain: the service speaks TLS, HTTP/1.1 and HTTP/2")
    }

    /// `--tls-key`, `SMS_TLS_KEY_FILE`.
    static var tlsKeyFile: Setting {
        .optionalString("tls.keyFile", flag: "--tls-key", help: "PEM file of the certificate's private key")
    }
}
