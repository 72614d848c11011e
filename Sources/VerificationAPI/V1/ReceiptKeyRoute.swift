import HTTPTypes
import Hummingbird
import SMSVerification

/// `GET /.well-known/jwks.json`: the keys that receipts are verified with.
struct ReceiptKeyRoute: Sendable {
    let keys: [UInt8]

    func add(to router: some RouterMethods<APIRequestContext>) {
        let path: RouterPath = "/.well-known/jwks.json"
        let answer = Response(
            status: .ok, headers: [.contentType: "application/jwk-set+json", .cacheControl: "public, max-age=300"],
            body: .init(byteBuffer: ByteBuffer(bytes: keys)))
        router.on(path, method: .get) { _, _ in answer }.allow(.get, at: path)
    }
}
