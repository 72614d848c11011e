import Hummingbird
import SMSVerification

/// Where a request came from.
struct ClientAddressing: Sendable {
    func address(of request: Request, _ context: APIRequestContext) -> ClientAddress {
        ClientAddress()
    }
}
