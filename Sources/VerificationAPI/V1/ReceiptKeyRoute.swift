import HTTPTypes
import Hummingbird
import SMSVerification

/// `GET /.well-known/jwks.json`: the keys that receipts are verified with.
struct ReceiptKeyRoute: Sendable {
    let keys: [UInt8]

    func add(to router: some RouterMethods<APIRequestContext>) {
        router.serve(
            ByteBuffer(bytes: keys), at: "/.well-known/jwks.json",
            headers: [.contentType: "application/jwk-set+json", .cacheControl: "public, max-age=300"])
    }
}
