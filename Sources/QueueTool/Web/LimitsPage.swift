internal import Hummingbird
internal import RedisClient
internal import TaskQueue

/// `/limits`: what keeps messages waiting although workers are there: open breakers, and limits.
struct LimitsPage {
    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.limits)) { request, context in
            let view = try await console.view(request.fields)
            let breakers = try await OpenBreakers.all(console.client)
            let starts = try await view.queue.startLimits()
            let providers = try await ProviderCalls.all(console.client)
            return console.page(context).response(
                "Limits and breakers", .limits, view, isLive: true,
                """
                <div id="limits" data-live>
                <section class="card"><h2>Open breakers</h2>\(table(breakers, view))</section>
                <section class="card"><h2>Start limits of tasks</h2>\(table(starts, view))</section>
                <section class="card"><h2>Limits of providers</h2>\(table(providers, view))</section>
                </div>
                <p class="soft">What the limits of verifications have counted lies in the store, where this console does \
                not look: sms-api tells of it in its metrics.</p>
                """)
        }
    }

    private func table(_ breakers: [OpenBreaker], _ view: QueueView) -> HTML {
        guard !breakers.isEmpty else { return "<p class=\"good\">None: messages go through all providers.</p>" }
        let rows = breakers.map { breaker in
            """
            <tr><th scope="row">\(breaker.place)</th><td>\(breaker.reason ?? "–")</td>\
            <td class="number">\(words(seconds: max(0, breaker.until.since(view.now) / .seconds(1))))</td>\
            <td>\(shown(breaker.until.text))</td></tr>
            """ as HTML
        }
        return Self.table(
            "What messages are kept away from just now", ["Nothing goes through", "Reason", "For", "Until"], rows)
    }

    private func table(_ limits: [StartLimitState], _ view: QueueView) -> HTML {
        guard !limits.isEmpty else { return "<p>No job of this queue has had to wait for the limits of its task.</p>" }
        let rows = limits.map { limit in
            let next = limit.nextStart.flatMap { $0 > view.now ? $0.since(view.now) / .seconds(1) : nil }
            return """
                <tr><th scope="row"><a href="\(view.link(ConsolePath.jobs, ["state": "limited", "task": limit.task]))">\
                \(limit.task)</a></th><td class="number">\(grouped(limit.waiting))</td>\
                <td class="number">\(next.map(words) ?? "now")</td></tr>
                """ as HTML
        }
        return Self.table(
            "Tasks whose limits have made jobs wait", ["Task", "Jobs that wait", "Next start due in"], rows)
    }

    private func table(_ providers: [ProviderCalls], _ view: QueueView) -> HTML {
        guard !providers.isEmpty else { return "<p>No provider's limit is in use just now.</p>" }
        let rows = providers.map { provider in
            let next = provider.nextCall.flatMap { $0 > view.now ? $0.since(view.now) / .seconds(1) : nil }
            return """
                <tr><th scope="row">\(provider.name)</th>\
                <td class="number">\(provider.places.map { grouped($0.has) } ?? "–")</td>\
                <td class="number">\(provider.places.map { grouped($0.wants) } ?? "–")</td>\
                <td class="number">\(next.map(words) ?? "now")</td></tr>
                """ as HTML
        }
        return Self.table(
            "Limits that all workers share",
            ["Provider", "Calls at once in use", "Wanted", "Next call due in"], rows)
    }

    private static func table(_ caption: String, _ names: [String], _ rows: [HTML]) -> HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="\(caption)"><table><caption class="unseen">\(caption)\
        </caption><thead><tr>\(names.map { "<th scope=\"col\">\($0)</th>" as HTML })</tr></thead>\
        <tbody>\(rows)</tbody></table></div>
        """
    }
}
