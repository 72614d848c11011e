internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TaskQueue

/// What is around each page: the head, the way to the other pages, the figures of the queue.
struct ConsolePage {
    /// The field of each form that tells that a page of this visit has sent it.
    static let formToken = "form_token"

    enum Tab: String, CaseIterable {
        case overview = "Overview"
        case jobs = "Jobs"
        case dead = "Dead letters"
        case workers = "Workers"
        case limits = "Limits & breakers"

        var path: String {
            switch self {
            case .overview: ConsolePath.overview
            case .jobs: ConsolePath.jobs
            case .dead: ConsolePath.dead
            case .workers: ConsolePath.workers
            case .limits: ConsolePath.limits
            }
        }
    }

    let console: Console
    let session: ConsoleSession?
    /// What is to be told once waits for a page that a person opens.
    var isRefresh = false

    /// - Parameter isLive: What stands in elements with `data-live` is brought up to date in the browser.
    func response(
        _ title: String, _ tab: Tab?, _ view: QueueView, isLive: Bool = false, status: HTTPResponse.Status = .ok,
        _ content: HTML
    ) -> Response {
        let notice = isRefresh ? nil : session.flatMap { console.sessions.takeNotice($0) }
        let body: HTML = """
            \(notice.map { "<div class=\"notice\" role=\"status\">\($0)</div>" as HTML })
            <div class="title"><h1>\(title)</h1>\(queueState(view))</div>
            \(tiles(view))
            \(content)
            """
        return document(
            title, status: status, isLive: isLive, header: header(tab, view), body)
    }

    /// A page that stands alone: signing in, or what went wrong.
    ///
    /// - Parameter isLive: It is asked for again by itself, until all is well.
    func failure(
        _ status: HTTPResponse.Status, _ title: String, _ message: String, isLive: Bool = false
    ) -> Response {
        let retry: HTML? =
            isLive
            ? "<p>It is asked again every few seconds; or <a href=\"/\">try it now</a>.</p>" : nil
        var response = document(
            title, status: status, isLive: isLive, header: plainHeader,
            """
            <section class="card narrow"><h1>\(title)</h1><p>\(message)</p>
            \(retry ?? "<p><a href=\"/\">To the overview</a></p>")</section>
            """)
        if status == .serviceUnavailable { response.headers[.retryAfter] = "2" }
        return response
    }

    func standalone(_ title: String, status: HTTPResponse.Status = .ok, _ content: HTML) -> Response {
        document(title, status: status, isLive: false, header: plainHeader, content)
    }

    /// A form that changes something; nothing where nothing may be changed.
    func form(
        _ action: String, _ fields: FormFields, button: HTML, look: String = "quiet", isDisabled: Bool = false
    ) -> HTML? {
        guard !console.configuration.isReadOnly else { return nil }
        return """
            <form method="post" action="\(action)">\(token)\(Self.hidden(fields))<button class="\(look)"\
            \((isDisabled ? " disabled" : "") as HTML)>\(button)</button></form>
            """
    }

    /// What every form has that is sent by a page of this visit.
    var token: HTML? {
        session.map { "<input type=\"hidden\" name=\"\(Self.formToken)\" value=\"\($0.formToken)\">" }
    }

    /// The way to a page: a link, or a form where a text is looked for, which may be a number.
    func way(to path: String, _ fields: FormFields, _ words: String) -> HTML {
        fields[FormFields.text] == nil
            ? "<a class=\"quiet\" href=\"\(path + fields.query)\">\(words)</a>" : searchForm(path, fields, words)
    }

    /// A form that looks for something, which stands in no address.
    func searchForm(_ path: String, _ fields: FormFields, _ words: String) -> HTML {
        """
        <form method="post" action="\(path)">\(token)\(Self.hidden(fields))\
        <button class="quiet">\(words)</button></form>
        """
    }

    static func hidden(_ fields: FormFields) -> [HTML] {
        fields.pairs.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" }
    }

    // MARK: - Parts

    private func document(
        _ title: String, status: HTTPResponse.Status, isLive: Bool, header: HTML, _ body: HTML
    ) -> Response {
        let html: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) · sms-queue</title>
            <link rel="icon" href="\(Self.icon)">
            <link rel="stylesheet" href="/assets/console.css">
            <script src="/assets/console.js" defer></script>
            </head>
            <body\((isLive ? " data-refresh=\"2000\"" : "") as HTML)>
            <a class="skip" href="#main">Skip to the content</a>
            \(header)
            <main id="main" tabindex="-1">
            \(body)
            </main>
            </body>
            </html>

            """
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: html.text)))
    }

    private static let icon: HTML = """
        data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' \
        rx='8' fill='%2307936a'/%3E%3Cpath d='M7 21h4v4H7zm7-6h4v10h-4zm7-8h4v18h-4z' fill='white'/%3E%3C/svg%3E
        """

    private static let brand: HTML = """
        <a class="brand" href="/"><svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><rect width="32" \
        height="32" rx="8"/><path d="M7 21h4v4H7zm7-6h4v10h-4zm7-8h4v18h-4z"/></svg>sms-queue</a>
        """

    private var plainHeader: HTML { "<header class=\"bar\">\(Self.brand)</header>" }

    private func header(_ current: Tab?, _ view: QueueView) -> HTML {
        let links = Tab.allCases.map { tab in
            """
            <li><a href="\(view.link(tab.path))"\((tab == current ? " aria-current=\"page\"" : "") as HTML)>\
            \(tab.rawValue)\(count(tab, view))</a></li>
            """ as HTML
        }
        let names = console.queueNames
        let isSeveral = names.count > 1 || !names.contains(view.name)
        let queues: HTML? =
            isSeveral
            ? """
            <form class="chooser" method="get" action="\((current ?? .overview).path)"><label for="queue">Queue</label>\
            <select id="queue" name="queue">\(options(Set(names + [view.name]).sorted(), view.name))</select>\
            <button class="quiet">Show</button></form>
            """ : nil
        let signOut: HTML? =
            console.configuration.token == nil
            ? nil
            : session.map { _ in
                """
                <form method="post" action="\(ConsolePath.signOut)">\(token)<button class="quiet">Sign out</button></form>
                """
            }
        return """
            <header class="bar">
            \(Self.brand)
            <nav aria-label="Pages"><ul>\(links)</ul></nav>
            \(queues)
            <form class="finder" method="post" action="\(ConsolePath.job)" role="search">\(token)\
            <input type="hidden" name="queue" value="\(view.name)"><label class="unseen" for="find">Find a job by its id\
            </label><input id="find" type="search" name="id" placeholder="Find a job by its id" autocomplete="off" \
            spellcheck="false"></form>
            <p class="live" id="live" role="status" hidden></p>
            \(signOut)
            </header>
            """
    }

    private func count(_ tab: Tab, _ view: QueueView) -> HTML? {
        guard tab == .dead, view.statistics.dead > 0 else { return nil }
        return " <span class=\"badge\">\(grouped(view.statistics.dead))</span>"
    }

    private func queueState(_ view: QueueView) -> HTML {
        let statistics = view.statistics
        let fields = FormFields(["queue": view.name])
        let button =
            statistics.isPaused
            ? form(ConsolePath.resume, fields, button: "Resume", look: "strong")
            : isKnown(view) ? form(ConsolePath.pause, fields, button: "Pause") : nil
        let unknown: HTML? =
            isKnown(view)
            ? nil
            : """
             <span class="mark bad">not known</span>, unlike \(console.queueNames.joined(separator: ", "))
            """
        return """
            <p class="of" id="state" data-live>queue <b>\(view.name)</b>\(unknown)\
            \((statistics.isPaused ? " <span class=\"mark wait\">paused</span>" : "") as HTML)\
            \((console.configuration.isReadOnly ? " <span class=\"mark\">read only</span>" : "") as HTML)</p>\
            <div class="doing" id="switch" data-live>\(button)</div>
            """
    }

    /// Something is in the queue, or a worker has once had it; otherwise its name may be mistyped.
    private func isKnown(_ view: QueueView) -> Bool {
        let statistics = view.statistics
        return console.queueNames.contains(view.name) || !statistics.claimed.isEmpty
            || statistics.allWaiting + statistics.scheduled + statistics.dead + statistics.limited.count > 0
    }

    private func tiles(_ view: QueueView) -> HTML {
        let statistics = view.statistics
        let limited = statistics.limited.values.reduce(0, +)
        let alive = statistics.claimed.count - statistics.silentWorkers.count
        func tile(_ name: String, _ value: String, _ path: String, _ state: String? = nil, _ mark: String = "") -> HTML
        {
            """
            <div class="\(mark)"><dt>\(name)</dt>\
            <dd><a href="\(view.link(path, state.map { ["state": $0] } ?? [:]))">\(value)</a></dd></div>
            """
        }
        return """
            <dl class="tiles" id="tiles" data-live>
            \(tile("Waiting", grouped(statistics.allWaiting), ConsolePath.jobs, "waiting"))
            \(tile("Oldest waits", statistics.oldestWaitingSeconds.map(brief) ?? "–", ConsolePath.jobs, "waiting"))
            \(tile("Running", grouped(statistics.allClaimed), ConsolePath.jobs, "claimed"))
            \(tile("Scheduled", grouped(statistics.scheduled), ConsolePath.jobs, "scheduled"))
            \(tile("Limited", grouped(limited), ConsolePath.jobs, "limited"))
            \(tile("Dead", grouped(statistics.dead), ConsolePath.dead, nil, statistics.dead > 0 ? "bad" : ""))
            \(tile("Workers", grouped(alive), ConsolePath.workers, nil, alive == 0 ? "bad" : ""))
            </dl>
            """
    }
}

extension QueueView {
    /// The address of a page about this queue.
    func link(_ path: String, _ more: KeyValuePairs<String, String?> = [:]) -> String {
        var fields = FormFields(["queue": name])
        for pair in FormFields(more).pairs { fields.append(pair.name, pair.value) }
        return path + fields.query
    }
}

/// The choices of a list, one of which is chosen.
func options(_ values: [String], _ chosen: String?) -> [HTML] {
    options(values.map { ($0, $0) }, chosen)
}

/// The choices of a list with what they are called.
func options(_ values: [(value: String, name: String)], _ chosen: String?) -> [HTML] {
    values.map { value, name in
        "<option value=\"\(value)\"\((value == chosen ? " selected" : "") as HTML)>\(name)</option>"
    }
}

/// A number with its thousands apart.
func grouped(_ number: Int) -> String {
    var text = String(number.magnitude)
    var index = text.count - 3
    while index > 0 {
        text.insert(",", at: text.index(text.startIndex, offsetBy: index))
        index -= 3
    }
    return number < 0 ? "-\(text)" : text
}

/// A time in few characters: of two units the smaller one only where it matters.
private func brief(_ seconds: Double) -> String {
    let parts = words(seconds: seconds).split(separator: " ")
    guard parts.count == 4, let large = Int(parts[0]), large >= 10 else { return parts.joined(separator: " ") }
    return "\(parts[0]) \(parts[1])"
}

/// A time of a message or letter as people read it: UTC, to the second.
func shown(_ time: String?) -> HTML {
    guard let time, let moment = WireTime(time) else { return "–" }
    let text = String(WireTime(microseconds: moment.milliseconds / 1000 * 1_000_000).text.prefix(19))
    return "<time datetime=\"\(text)Z\">\(text.replacing("T", with: " "))</time>"
}
