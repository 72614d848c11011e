internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A call that brought no answer.
struct GatewayFailure: Error {
    let result: SendResult

    /// - Parameters:
    ///   - error: What ended the call.
    ///   - mayHaveBeenSent: Whether bytes of the request's body had left.
    init(_ error: any Error, mayHaveBeenSent: Bool) {
        let words = Self.words(for: error)
        if mayHaveBeenSent {
            result = SendResult(.unknown(.ambiguous), detail: "\(words), after the request was sent")
        } else {
            result = SendResult(Self.outcomeBeforeSending(error), detail: "\(words), before anything was sent")
        }
    }

    private static func outcomeBeforeSending(_ error: any Error) -> SendOutcome {
        switch error {
        case is CancellationError:
            .retry(.cancelled)
        case is MessageTooLate:
            .retry(.expired)
        case let error as HTTPClientError where requestFaults.contains(error.shortDescription):
            .badConfiguration(.param)
        default:
            .retry(.connection)
        }
    }

    /// The client's refusals that no repetition can mend: address or credentials are not fit for a request.
    private static let requestFaults: Set<String> = Set(
        [
            HTTPClientError.invalidURL, .emptyHost, .missingSocketPath, .emptyScheme, .unsupportedScheme(""),
            .invalidHeaderFieldNames([]), .invalidHeaderFieldValues([]),
        ].map(\.shortDescription))

    /// Says what happened without the error's own values, which may hold parts of the request.
    private static func words(for error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .deadlineExceeded:
            "the call took too long"
        case is CancellationError:
            "the call was cancelled"
        case is MessageTooLate:
            "the code was nearly over"
        case is ResponseAccumulator.ResponseTooBigError:
            "the answer was too large"
        case let error as HTTPClientError:
            "\(error.shortDescription)"
        case let error as NIOConnectionError:
            "no connection to \(error.host):\(error.port)"
        case let error as IOError:
            String(cString: strerror(error.errnoCode))
        default:
            "\(type(of: error))"
        }
    }
}
