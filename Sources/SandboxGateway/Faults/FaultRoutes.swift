internal import Hummingbird
internal import NIOCore

/// The switches by HTTP: `GET /faults` lists those that are on, `PUT /faults` switches on one or a list of them,
/// `DELETE /faults` all off, or those of `?provider=twilio`.
struct FaultRoutes: Sendable {
    let faults: FaultSwitches

    func add(to pages: RouterGroup<SandboxContext>) {
        pages.get("faults") { _, _ in
            try Response.json(faults.all)
        }
        pages.put("faults") { request, _ in
            try request.refuseOtherSites()
            let body = try await request.body.collect(upTo: 64 * 1024)
            do throws(FaultSwitchError) {
                faults.turnOn(try FaultSwitch.read(json: body.readableBytesView))
            } catch {
                throw HTTPError(.badRequest, message: error.description)
            }
            return try Response.json(faults.all)
        }
        pages.delete("faults") { request, _ in
            try request.refuseOtherSites()
            let name = request.uri.queryParameters["provider"].map(String.init)
            let provider = name.flatMap(Provider.init)
            guard name == nil || provider != nil else {
                let names = Provider.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPError(.badRequest, message: "there is no such provider: \(names)")
            }
            faults.turnOff(provider)
            return try Response.json(faults.all)
        }
    }
}
