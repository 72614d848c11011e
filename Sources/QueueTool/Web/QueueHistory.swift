internal import TaskQueue

/// The last hour of a queue as plots.
struct QueueHistory {
    private let samples: [HistorySample]
    private let now: WireTime

    init(_ samples: [HistorySample], now: WireTime) {
        let start = now.adding(.seconds(-Plot.period))
        self.samples = samples.filter { $0.time >= start }
        self.now = now
    }

    var isEmpty: Bool { samples.isEmpty }

    var plots: [Plot] {
        [
            plot(
                "Throughput", "a second",
                [
                    rate("succeeded", "succeeded", "good"), rate("enqueued", "sent", "calm"),
                    rate("retried", "retried", "wait"), rate("dead", "failed for good", "bad"),
                ]
            ) { short($0) },
            plot(
                "Latency", "",
                [
                    time("wait, median", "calm", \.wait, 0.5), time("wait, 99 %", "wait", \.wait, 0.99),
                    time("run, median", "good", \.run, 0.5), time("run, 99 %", "bad", \.run, 0.99),
                ], .decades
            ) { decade($0) },
            plot(
                "Depth", "jobs",
                [
                    count("waiting", "calm", \.waiting), count("running", "good", \.claimed),
                    count("scheduled", "wait", \.scheduled), count("dead", "bad", \.dead),
                ]
            ) { short($0) },
        ]
    }

    private func plot(
        _ title: String, _ unit: String, _ lines: [Plot.Line], _ scale: Plot.Scale = .linear,
        _ label: @escaping (Double) -> String
    ) -> Plot {
        Plot(
            title: title, unit: unit, times: samples.map(\.time), end: now, lines: lines, scale: scale, label: label)
    }

    private func rate(_ counter: String, _ name: String, _ look: String) -> Plot.Line {
        let rates = [nil] + zip(samples, samples.dropFirst()).map { $1.rate(of: counter, since: $0) }
        return line(name, look, rates) { "\(tenths($0))/s" }
    }

    private func time(
        _ name: String, _ look: String, _ times: KeyPath<HistorySample, TimeDistribution>, _ share: Double
    ) -> Plot.Line {
        line(name, look, samples.map { $0[keyPath: times].estimate(of: share) }) { milliseconds($0) }
    }

    private func count(_ name: String, _ look: String, _ count: KeyPath<HistorySample, Int>) -> Plot.Line {
        line(name, look, samples.map { Double($0[keyPath: count]) }) { grouped(Int($0)) }
    }

    private func line(
        _ name: String, _ look: String, _ values: [Double?], _ words: (Double) -> String
    ) -> Plot.Line {
        // What is long ago is not how it is now.
        let isLate = samples.last.map { now.since($0.time) / .seconds(1) > 30 } ?? true
        let last = isLate ? nil : values.last.flatMap { $0 }
        return Plot.Line(name: name, look: look, values: values, now: last.map(words) ?? "–")
    }
}

/// A number in few characters: `0.5`, `250`, `1.2 k`, `3 M`.
private func short(_ number: Double) -> String {
    func digits(_ number: Double) -> String {
        number == number.rounded() || number >= 100 ? String(Int(number.rounded())) : tenths(number)
    }
    if number < 1000 { return digits(number) }
    return number < 1_000_000 ? "\(digits(number / 1000)) k" : "\(digits(number / 1_000_000)) M"
}

/// A time that is given in milliseconds, in words: `0.4 ms`, `150 ms`, `2.1 s`, `16 min 40 s`.
private func milliseconds(_ number: Double) -> String {
    if number < 10 { return "\(number == number.rounded() ? String(Int(number)) : tenths(number)) ms" }
    return number < 1000 ? "\(Int(number.rounded())) ms" : words(seconds: number / 1000)
}

/// A decade of milliseconds in few characters: `10 ms`, `1 s`, `1000 s`.
private func decade(_ number: Double) -> String {
    number < 1000 ? "\(Int(number)) ms" : "\(Int(number / 1000)) s"
}
