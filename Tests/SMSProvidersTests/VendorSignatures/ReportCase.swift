import Foundation

@testable import SMSProviders

/// A report that a vendor's library is to sign as it was sent, and as it is read: the same, or changed on its way.
struct ReportCase<Report: Encodable>: Encodable {
    var sent: Report
    var read: Report
    var algorithm: String?
}

struct WebhookReport: Encodable {
    var id: String
    var time: Int
    var body: String
    var secret: String
    var arrival: Int

    func isAccepted(with signature: String) -> Bool {
        WebhookSignature(secrets: [WebhookSecret(secret)].compactMap(\.self)).isValid(
            signature, id: id, timestamp: String(time), body: body.utf8, secondsSince1970: arrival)
    }
}

/// Either a form or JSON.
struct TwilioReport: Encodable {
    var url: String
    var secret: String
    var form: [[String]]?
    var json: String?

    func isAccepted(with signature: String, algorithm: String?) -> Bool {
        let check = TwilioCallbackSignature(key: algorithm == "HMAC_SHA256" ? .sharedKey(secret) : .authToken(secret))
        if let json { return check.isValid(signature, url: url, json: json.utf8) }
        return check.isValid(signature, url: url, parameters: (form ?? []).map { (name: $0[0], value: $0[1]) })
    }
}

extension RandomInput {
    mutating func webhookReport() -> ReportCase<WebhookReport> {
        let time = time()
        let sent = WebhookReport(
            id: word(1...64), time: time, body: text(0...200), secret: webhookSecret(),
            arrival: time + one(of: [0, -300, -301, 300, 301, number(-400...400)]))
        var read = sent
        switch number(1...6) {
        case 1: read.id += "1"
        case 2: read.time += 1
        case 3: read.body += one(of: [" ", "\n", "\u{301}"])
        case 4: read.secret = webhookSecret()
        case 5: read.arrival = time
        default: break
        }
        return ReportCase(sent: sent, read: read)
    }

    mutating func twilioReport() -> ReportCase<TwilioReport> {
        let port = one(of: ["", ":443", ":8443"])
        var sent = TwilioReport(
            url: "https://sms.example.com\(port)/reports?job=\(PercentEncoding.encode(text(1...20)))",
            secret: flag() ? word(32...32) : secret())
        if number(1...3) == 1 {
            let body = text(0...100)
            sent.json = body
            sent.url += "&bodySHA256=\(Digest.sha256(body.utf8))"
        } else {
            let names = (1...6).map { _ in number(1...5) == 1 ? text(1...10) : word(1...12) }
            sent.form = (0..<number(1...10)).map { _ in [one(of: names), text(0...12)] }
        }
        return ReportCase(sent: sent, read: changed(sent), algorithm: one(of: [nil, "HMAC_SHA1", "HMAC_SHA256"]))
    }

    private mutating func changed(_ sent: TwilioReport) -> TwilioReport {
        var read = sent
        switch number(1...8) {
        case 1: read.url += "1"
        case 2: read.url = read.url.replacing("https://", with: "http://")
        case 3: read.url = read.url.replacing(".com:443/", with: ".com/")
        case 4: read.url = read.url.replacing(".com/", with: ".com:443/")
        case 5: read.secret += "1"
        case 6:
            read.json? += " "
            read.form?[0][1] += "\u{301}"
        case 7:
            read.json = read.json.map { String($0.unicodeScalars.dropLast()) }
            read.form?.removeLast()
        default:
            // The order of fields, and a field that came twice, make no difference.
            if let form = read.form { read.form = form.reversed() + form.prefix(1) }
        }
        return read
    }
}
