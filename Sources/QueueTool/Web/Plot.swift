internal import TaskQueue

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Lines over the last hour, drawn as SVG. The numbers behind them are in attributes, for the browser to show what lies
/// under the pointer.
struct Plot {
    struct Line {
        let name: String
        /// The class that gives it its colour.
        let look: String
        /// One for each time; nil where nothing is known.
        let values: [Double?]
        /// The last value in words.
        let now: String
    }

    /// How values lie above each other.
    enum Scale {
        /// In even steps from 0 on.
        case linear
        /// A step is ten times the one below, from 1 on.
        case decades
    }

    static let period = 3600.0
    /// Two samples that lie farther apart than so many seconds are not joined.
    private static let longestStep = 35.0
    private static let height = 100.0

    let title: String
    let unit: String
    let times: [WireTime]
    let end: WireTime
    let lines: [Line]
    var scale = Scale.linear
    /// What a value on the scale is called.
    let label: (Double) -> String

    var html: HTML {
        let marks = self.marks
        let legend = lines.map { line in
            """
            <li class="\(line.look)" data-values="\(Self.list(line.values))">\(line.name) <b>\(line.now)</b></li>
            """ as HTML
        }
        let ages = times.map { String(Int((end.since($0) / .seconds(1)).rounded())) }.joined(separator: " ")
        let summary = lines.map { "\($0.name) \($0.now)" }.joined(separator: ", ")
        return """
            <figure class="plot card" data-ages="\(ages)" data-unit="\(unit)">
            <figcaption><h2>\(title)</h2><ul class="legend">\(legend)</ul><span class="reading"></span></figcaption>
            <div class="frame"><div class="marks" aria-hidden="true">\(marks.reversed().map { mark in
                "<span>\(label(mark))</span>" as HTML })</div>
            <svg viewBox="0 0 360 100" preserveAspectRatio="none" role="img" aria-label="\(title), last hour: \(summary)">\
            \(marks.map { mark in
                let y = Self.text(height(mark, marks))
                return "<line class=\"grid\" x1=\"0\" x2=\"360\" y1=\"\(y)\" y2=\"\(y)\"/>" as HTML })\
            \(scale == .linear ? lines.first.map { area($0, marks) } : nil)\(lines.map { path($0, marks) })</svg>
            <div class="hours" aria-hidden="true"><span>60 min ago</span><span>45</span><span>30</span><span>15</span>\
            <span>now</span></div></div></figure>
            """
    }

    // MARK: - Where things lie

    /// The values that are marked at the side, from the lowest to the highest.
    private var marks: [Double] {
        let most = lines.flatMap { $0.values.compactMap { $0 } }.max() ?? 0
        switch scale {
        case .decades:
            var marks = [1.0, 10, 100]
            while let last = marks.last, last < most { marks.append(last * 10) }
            return marks
        case .linear:
            var step = 0.5  // then 1, 2.5, 5, 10 …
            for factor in [2.0, 2.5, 2].cycled(36) where step * 4 < most { step *= factor }
            let top = Int((most / step).rounded(.up))
            return (0...max(2, top)).map { Double($0) * step }
        }
    }

    private func height(_ value: Double, _ marks: [Double]) -> Double {
        let most = marks.last ?? 1
        switch scale {
        case .linear: return Self.height * (1 - value / most)
        case .decades:
            let decades = Double(marks.count - 1)
            return Self.height * (1 - max(0, log10(value)) / decades)
        }
    }

    private func place(_ time: WireTime) -> Double {
        360 * (1 - end.since(time) / .seconds(1) / Self.period)
    }

    /// The parts of a line between its gaps.
    private func parts(_ line: Line, _ marks: [Double]) -> [[(x: Double, y: Double)]] {
        var parts: [[(x: Double, y: Double)]] = []
        var last: WireTime?
        for (time, value) in zip(times, line.values) {
            guard let value else {
                last = nil
                continue
            }
            let point = (place(time), height(value, marks))
            if let last, time.since(last) / .seconds(1) <= Self.longestStep {
                parts[parts.count - 1].append(point)
            } else {
                parts.append([point])
            }
            last = time
        }
        return parts
    }

    private func path(_ line: Line, _ marks: [Double]) -> HTML {
        // A point alone becomes a dot.
        let text = parts(line, marks).map { part in
            "M"
                + (part.count == 1 ? part + part : part).map { "\(Self.text($0.x)) \(Self.text($0.y))" }
                .joined(separator: "L")
        }.joined()
        return "<path class=\"line \(line.look)\" d=\"\(text)\"/>"
    }

    private func area(_ line: Line, _ marks: [Double]) -> HTML {
        let text = parts(line, marks).compactMap { part -> String? in
            guard let first = part.first, let last = part.last, part.count > 1 else { return nil }
            return "M\(Self.text(first.x)) 100L"
                + part.map { "\(Self.text($0.x)) \(Self.text($0.y))" }.joined(separator: "L")
                + "L\(Self.text(last.x)) 100Z"
        }.joined()
        return "<path class=\"area \(line.look)\" d=\"\(text)\"/>"
    }

    private static func list(_ values: [Double?]) -> String {
        values.map { $0.map(text) ?? "-" }.joined(separator: " ")
    }

    private static func text(_ number: Double) -> String {
        let tenths = (number * 10).rounded()
        guard tenths.magnitude < 1e15 else { return "0" }
        let (whole, rest) = Int(tenths).quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? String(whole) : "\(tenths < 0 && whole == 0 ? "-" : "")\(whole).\(rest.magnitude)"
    }
}

extension Array {
    /// The elements again and again, so many in all.
    fileprivate func cycled(_ count: Int) -> [Element] { (0..<count).map { self[$0 % self.count] } }
}
