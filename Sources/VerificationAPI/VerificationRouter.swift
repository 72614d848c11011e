public import CaptchaImage
public import CoreMetrics
public import Hummingbird
public import SMSVerification

/// The routes of sms-api, ready for a Hummingbird `Application`.
public struct VerificationRouter: Sendable {
    /// The parts that `/v1` works with.
    public struct Version1: Sendable {
        /// The domain.
        public var verification: PhoneVerification
        /// Which numbers are sent to.
        public var numbers = NumberPlan()
        /// The pictures that are shown.
        public var pictures: PictureStock
        /// Makes challenges and checks what comes back.
        public var work: ProofOfWork
        /// How much work is asked for.
        public var workPolicy = ProofOfWorkPolicy()
        /// Signs what a client has proved.
        public var receipts: ReceiptSigner
        /// Whose pages may ask, beside the service's own: exact origins.
        public var allowedOrigins: Set<String> = []
        /// The service's own origin as the outside sees it; nil: the one that requests name.
        public var ownOrigin: String?
        /// Cookies go over TLS only.
        public var isSecure = false

        /// The parts that there is no default for.
        public init(
            verification: PhoneVerification, pictures: PictureStock, work: ProofOfWork, receipts: ReceiptSigner
        ) {
            self.verification = verification
            self.pictures = pictures
            self.work = work
            self.receipts = receipts
        }
    }

    /// What gateways' reports are taken with.
    public struct Callbacks: Sendable {
        /// Which gateways' are.
        public var configuration: CallbackConfiguration
        /// Where they go.
        public var deliveries: DeliveryRecords

        /// The parts.
        public init(_ configuration: CallbackConfiguration, _ deliveries: DeliveryRecords) {
            self.configuration = configuration
            self.deliveries = deliveries
        }
    }

    let inFlight = RequestsInFlight()
    private let flow: (any VerificationFlow)?
    private let callbacks: Callbacks?
    private let version1: Version1?
    private let drawCaptcha: CaptchaDrawing
    private let demoPage: DemoPageOptions
    private let metrics: any MetricsFactory
    private let isTraced: Bool
    private let addresses: ClientAddressing

    /// Names the parts that the routes work with.
    ///
    /// - Parameters:
    ///   - flow: The tutorial's flow: a ``SMSVerification/VerificationService``. Nil leaves its routes out.
    ///   - version1: What `/v1` works with. Nil leaves it out.
    ///   - callbacks: What gateways' reports are taken with. Nil leaves them out.
    ///   - drawCaptcha: Draws a captcha's text as a PNG file.
    ///   - demoPage: What the demo page is told.
    ///   - hops: Which proxies tell whom they work for.
    ///   - metrics: Where the routes' metrics go.
    ///   - isTraced: Each request is a span.
    public init(
        flow: (any VerificationFlow)?, version1: Version1? = nil, callbacks: Callbacks? = nil,
        drawCaptcha: @escaping CaptchaDrawing, demoPage: DemoPageOptions = DemoPageOptions(), hops: TrustedHops = .none,
        metrics: any MetricsFactory = MetricsSystem.factory, isTraced: Bool = false
    ) {
        self.flow = flow
        self.version1 = version1
        self.callbacks = callbacks
        self.drawCaptcha = drawCaptcha
        self.demoPage = demoPage
        self.metrics = metrics
        self.isTraced = isTraced
        addresses = ClientAddressing(hops: hops)
    }

    /// Builds the router: the tutorial's two routes, `/v1`, gateways' callbacks, the demo page, and what holds for all of them.
    public func build() -> Router<APIRequestContext> {
        let metrics = RequestMetrics(factory: metrics)
        let unavailability = UnavailabilityLog()
        let router = Router(context: APIRequestContext.self)
        if isTraced { router.add(middleware: RequestTracing()) }
        router.add(middleware: RequestMiddleware(metrics: metrics, inFlight: inFlight))
        router.add(middleware: ResponseRules(isSecure: version1?.isSecure ?? false))
        router.add(middleware: ErrorMiddleware(unavailability: unavailability))
        if let flow {
            CaptchaRoutes(flow: flow, draw: drawCaptcha, addresses: addresses).add(to: router)
            TutorialRoutes(flow: flow, metrics: metrics, unavailability: unavailability, addresses: addresses)
                .add(to: router)
        }
        if let version1 { add(version1, to: router, unavailability) }
        if let callbacks {
            CallbackRoutes(configuration: callbacks.configuration, deliveries: callbacks.deliveries).add(to: router)
        }
        DemoPage(options: demoPage).add(to: router)
        return router
    }

    private func add(
        _ parts: Version1, to router: Router<APIRequestContext>, _ unavailability: UnavailabilityLog
    ) {
        let identity = ClientIdentity(isSecure: parts.isSecure)
        let work = WorkIssuer(work: parts.work, policy: parts.workPolicy)
        // Problems are made inside the rule, so that it lets listed origins read them.
        let group = router.group("v1").add(
            middleware: OriginRule(
                allowedOrigins: parts.allowedOrigins, ownOrigin: parts.ownOrigin, isSecure: parts.isSecure)
        )
        .add(middleware: ErrorMiddleware(unavailability: unavailability))
        ProofRoutes(
            verification: parts.verification, pictures: parts.pictures, addresses: addresses, identity: identity,
            work: work
        ).add(to: group)
        VerificationRoutes(
            verification: parts.verification, numbers: parts.numbers, addresses: addresses,
            identity: identity, receipts: parts.receipts, work: work
        ).add(to: group)
        ReceiptKeyRoute(keys: parts.receipts.jwks).add(to: router)
        DescriptionRoute(hasTutorialRoutes: flow != nil).add(to: router)
    }
}
