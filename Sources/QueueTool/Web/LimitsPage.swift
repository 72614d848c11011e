internal import Hummingbird
internal import RedisClient
internal import SMSVerification
internal import TaskQueue

/// `/limits`: what keeps messages waiting although workers are there: open breakers, and limits.
struct LimitsPage {
    /// At so many percent a limit is marked.
    private static let nearlyUsed = 80
    /// So many ranges of numbers are shown, the worst first, each with as much of it as tells the country and the network.
    private static let mostCredits = 20
    private static let shownOfPrefix = 6

    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.limits)) { request, context in
            let view = try await console.view(request.fields)
            let breakers = try await OpenBreakers.all(console.client)
            let starts = try await view.queue.startLimits()
            let providers = try await ProviderCalls.all(console.client)
            let verifications = await verifications()
            return console.page(context).response(
                "Limits and breakers", .limits, view, isLive: true,
                """
                <div id="limits" data-live>
                <section class="card"><h2>Open breakers</h2>\(table(breakers, view))</section>
                <div class="columns"><section class="card"><h2>Start limits of tasks</h2>\(table(starts, view))</section>
                <section class="card"><h2>Limits of providers</h2>\(table(providers, view))</section></div>
                \(verifications)
                </div>
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

    // MARK: - Verifications

    private func verifications() async -> HTML {
        guard let limits = console.verifications else {
            return """
                <p class="soft">What the limits of verifications have counted lies in the store of sms-api: with --store, \
                and the same --limits, it is told here.</p>
                """
        }
        do throws(RedisError) {
            let state = try await limits.state()
            let problem: HTML? = state.fileProblem.map {
                """
                <p class="problem">The file of limits has a mistake, and what stood there before is shown: \($0)</p>
                """
            }
            return """
                \(problem)
                <div class="columns"><section class="card"><h2>Budgets of verifications</h2>\(table(state))</section>
                <section class="card"><h2>Numbers without credit</h2>\(table(state.credits))</section></div>
                <section class="card"><h2>Limits of verifications</h2>\(table(state.limits))</section>
                """
        } catch {
            return """
                <section class="card"><h2>Limits of verifications</h2>\
                <p class="problem">The store cannot be read: \(error.description)</p></section>
                """
        }
    }

    private func table(_ state: VerificationLimits.State) -> HTML {
        guard !state.budgets.isEmpty else { return "<p>The table of limits has no budgets.</p>" }
        let rows = state.budgets.map { use in
            row(use.budget.name, nil, use.spent, of: use.budget.ceiling, use.budget.period, alarm: state.alarmPercent)
        }
        return Self.table(
            "What is spent of each budget", ["Budget", "Share", "Spent", "Ceiling", "Period"], rows)
    }

    private func table(_ limits: [LimitUse]) -> HTML {
        guard !limits.isEmpty else { return "<p>The table has no limits of countries and of all messages.</p>" }
        let rows = limits.map { use in
            row(
                use.limit.name, use.country.map { "to +\($0)" } ?? "all", use.count, of: use.limit.count,
                use.limit.period, alarm: Self.nearlyUsed)
        }
        return Self.table(
            "What is in use of each limit that many share",
            ["Limit", "Messages", "Share", "In use", "Allowed", "Period"], rows)
    }

    private func row(
        _ name: String, _ whose: String?, _ used: Int, of most: Int, _ period: Duration, alarm: Int
    ) -> HTML {
        let percent = most > 0 ? Int(Double(used) * 100 / Double(most)) : 100
        let mark = used >= most ? "bad" : percent >= alarm ? "wait" : ""
        return """
            <tr><th scope="row">\(name)</th>\(whose.map { "<td>\($0)</td>" as HTML })\
            <td class="number"><span class="mark \(mark)">\(percent) %</span></td>\
            <td class="number">\(grouped(used))</td><td class="number">\(grouped(most))</td>\
            <td class="number">\(words(seconds: period / .seconds(1)))</td></tr>
            """
    }

    private func table(_ credits: BackgroundLook<[CreditUse]>.Outcome) -> HTML {
        if let problem = credits.problem { return "<p class=\"problem\">They could not be looked for: \(problem)</p>" }
        guard let found = credits.found else { return "<p class=\"soft\">Being looked for…</p>" }
        let age = credits.at.duration(to: .now) / .seconds(1)
        return "\(table(found))<p class=\"soft\">As it was \(words(seconds: age)) ago.</p>"
    }

    private func table(_ credits: [CreditUse]) -> HTML {
        guard !credits.isEmpty else {
            return "<p class=\"good\">None: the codes that are sent come back.</p>"
        }
        let rows = credits.prefix(Self.mostCredits).map { use in
            let so: HTML =
                use.unresolved >= use.refusal
                ? "<span class=\"mark bad\">none is sent</span>"
                : "<span class=\"mark wait\">both proofs wanted</span>"
            return """
                <tr><th scope="row">\(String(use.prefix.prefix(Self.shownOfPrefix)))…</th>\
                <td class="number">\(so)</td><td class="number">\(grouped(use.unresolved))</td>\
                <td class="number">\(grouped(use.window))</td></tr>
                """ as HTML
        }
        let more: HTML? =
            credits.count > rows.count ? "<p class=\"soft\">\(grouped(credits.count - rows.count)) more.</p>" : nil
        let table = Self.table(
            "Ranges of numbers whose codes do not come back",
            ["Range", "Messages to it", "Codes not entered", "Window"], rows)
        return "\(table)\(more)"
    }

    private static func table(_ caption: String, _ names: [String], _ rows: [HTML]) -> HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="\(caption)"><table><caption class="unseen">\(caption)\
        </caption><thead><tr>\(names.map { "<th scope=\"col\">\($0)</th>" as HTML })</tr></thead>\
        <tbody>\(rows)</tbody></table></div>
        """
    }
}
