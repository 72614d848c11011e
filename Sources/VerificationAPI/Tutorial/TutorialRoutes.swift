import HTTPTypes
import Hummingbird
import SMSVerification

/// `GET /sms_codes/<mobile>/?image_code=&image_code_id=`: the tutorial's route, which clients in use depend on to the
/// letter, HTTP 200 for refusals included.
struct TutorialRoutes: Sendable {
    let flow: any VerificationFlow
    let metrics: RequestMetrics
    let unavailability: UnavailabilityLog
    let addresses: ClientAddressing

    func add(to router: some RouterMethods<APIRequestContext>) {
        let path: RouterPath = "/sms_codes/{mobile}"
        router.on(path, method: .get, use: sendCode).allow(.get, at: path)
    }

    @Sendable private func sendCode(_ request: Request, context: APIRequestContext) async throws -> Response {
        guard let mobile = try MobileNumber(mainland: context.parameters.require("mobile")) else {
            throw Problem(
                .notFound,
                detail: "The path is /sms_codes/<mobile>/, and the mobile number has 11 ASCII digits, 1[3-9][0-9]{9}.")
        }
        do {
            let outcome = try await flow.requestCode(
                for: mobile, captchaAnswer: request.parameter("image_code"),
                captchaID: request.parameter("image_code_id"), address: addresses.address(of: request, context))
            metrics.record(outcome)
            return TutorialAnswer(outcome).response
        } catch {
            unavailability.record(error, logger: context.logger)
            return TutorialAnswer.unavailable.response
        }
    }
}

extension Request {
    /// The last value of a query parameter, as Django's `request.GET.get` has it; nil when there is none.
    fileprivate func parameter(_ name: Substring) -> String? {
        uri.queryParameters[values: name].last.map { String($0) }
    }
}
