import Testing

@testable import SMSProviders

@Suite("The signature of a report from Twilio")
struct TwilioCallbackSignatureTests {
    private let vector = TwilioVectors.all.callback
    private let published = TwilioVectors.all.published
    private var check: TwilioCallbackSignature { TwilioCallbackSignature(key: .authToken(vector.authToken)) }
    private var parameters: [(name: String, value: String)] { vector.params.map { ($0.key, $0.value) } }

    @Test("equals the sample of the vendor's documentation")
    func publishedSample() {
        let check = TwilioCallbackSignature(key: .authToken(published.authToken))
        let parameters = published.params.map { (name: $0.key, value: $0.value) }
        #expect(check.isValid(published.signature, url: published.url, parameters: parameters))
    }

    @Test("counts with the default port and without, whichever the settings have")
    func defaultPort() {
        let withPort = vector.url.replacing("example.com", with: "example.com:443")
        for signature in [vector.signatureSha1, vector.signatureSha1WithPort443] {
            #expect(check.isValid(signature, url: vector.url, parameters: parameters))
            #expect(check.isValid(signature, url: withPort, parameters: parameters))
        }
        let otherPort = vector.url.replacing("example.com", with: "example.com:8443")
        #expect(!check.isValid(vector.signatureSha1, url: otherPort, parameters: parameters))
    }

    @Test("is by the shared key alone when there is one")
    func sharedKey() {
        let check = TwilioCallbackSignature(key: .sharedKey(vector.sharedKeySecret))
        #expect(check.isValid(vector.signatureSha256, url: vector.url, parameters: parameters))
        #expect(!check.isValid(vector.signatureSha1, url: vector.url, parameters: parameters))
        #expect(!self.check.isValid(vector.signatureSha256, url: vector.url, parameters: parameters))
    }

    @Test("covers each different value of a name once, in order")
    func repeatedName() {
        let parameters = [(name: "A", value: "2"), ("A", "1"), ("B", "x"), ("A", "2")]
        #expect(check.isValid(vector.dupSignature, url: vector.dupUrl, parameters: parameters))
    }

    @Test("covers a JSON body by the hash in the address")
    func json() {
        let bytes = Array(vector.jsonBody.utf8)
        #expect(check.isValid(vector.jsonSignature, url: vector.jsonUrl, json: bytes))
        #expect(!check.isValid(vector.jsonSignature, url: vector.jsonUrl, json: bytes + [32]))
        let withoutHash = String(vector.jsonUrl.prefix { $0 != "?" })
        #expect(!check.isValid(vector.jsonSignature, url: withoutHash, json: bytes))
    }

    @Test("does not fit anything that was changed")
    func tampered() {
        var other = vector.params
        other["MessageStatus"] = "delivered"
        let otherParameters = other.map { (name: $0.key, value: $0.value) }
        let otherToken = TwilioCallbackSignature(key: .authToken("made-up-auth-token-0001"))
        #expect(!check.isValid(vector.signatureSha1, url: vector.url, parameters: otherParameters))
        #expect(!check.isValid(vector.signatureSha1, url: vector.url + "X", parameters: parameters))
        #expect(!otherToken.isValid(vector.signatureSha1, url: vector.url, parameters: parameters))
        for signature in ["", "=", "AAAA", "not base64", String(vector.signatureSha1.dropLast(4))] {
            #expect(!check.isValid(signature, url: vector.url, parameters: parameters))
        }
    }
}
