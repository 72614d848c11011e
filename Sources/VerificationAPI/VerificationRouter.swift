public import CoreMetrics
public import Hummingbird
public import SMSVerification

/// The routes of sms-api, ready for a Hummingbird `Application`.
public struct VerificationRouter: Sendable {
    private let flow: any VerificationFlow
    private let policy: VerificationPolicy
    private let drawCaptcha: CaptchaDrawing
    private let demoPage: DemoPageOptions
    private let metrics: any MetricsFactory

    /// Names the parts that the routes work with.
    ///
    /// - Parameters:
    ///   - flow: The domain: a ``SMSVerification/VerificationService``.
    ///   - policy: How long things live, which the demo page shows.
    ///   - drawCaptcha: Draws a captcha's text as a PNG file.
    ///   - demoPage: What the demo page is told.
    ///   - metrics: Where the routes' metrics go.
    public init(
        flow: any VerificationFlow, policy: VerificationPolicy, drawCaptcha: @escaping CaptchaDrawing,
        demoPage: DemoPageOptions = DemoPageOptions(), metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        self.flow = flow
        self.policy = policy
        self.drawCaptcha = drawCaptcha
        self.demoPage = demoPage
        self.metrics = metrics
    }

    /// Builds the router: the tutorial's two routes, the demo page, and what holds for all of them.
    public func build() -> Router<APIRequestContext> {
        let metrics = RequestMetrics(factory: metrics)
        let unavailability = UnavailabilityLog()
        let router = Router(context: APIRequestContext.self)
        router.add(middleware: RequestMiddleware(metrics: metrics))
        router.add(middleware: ResponseRules())
        router.add(middleware: ErrorMiddleware(unavailability: unavailability))
        CaptchaRoutes(flow: flow, draw: drawCaptcha).add(to: router)
        TutorialRoutes(flow: flow, metrics: metrics, unavailability: unavailability).add(to: router)
        DemoPage(policy: policy, options: demoPage).add(to: router)
        return router
    }
}
