internal import Hummingbird
internal import TaskQueue

/// Which dead letters a page is about, as its address or form says.
struct DeadSelection {
    /// Those with these ids; empty: all that the filter lets through.
    let ids: [String]
    let filter: DeadLetterFilter
    /// The conditions as they were typed.
    private let fields: FormFields

    init(_ fields: FormFields) throws(HTTPError) {
        func time(_ name: String) throws(HTTPError) -> WireTime? {
            guard let text = fields[name] else { return nil }
            guard let time = WireTime(text) else {
                throw HTTPError(.badRequest, message: "\(name): expected a time such as 2026-11-23T05:56:44, in UTC.")
            }
            return time
        }
        self.fields = fields
        ids = fields.all("id")
        filter = DeadLetterFilter(
            reason: fields["reason"], task: fields["task"], after: try time("after"), before: try time("before"),
            text: fields[FormFields.text])
    }

    var selection: DeadLetterSelection { ids.isEmpty ? .matching(filter) : .ids(ids) }

    /// The conditions, for a form or an address.
    var conditions: FormFields { conditions(before: fields["before"]) }

    /// The same, of those alone that had died at that time, unless an earlier one was given: so that what was planned
    /// cannot grow until it is carried out.
    func frozen(at now: WireTime) -> FormFields {
        let isEarlier = filter.before.map { $0 < now } == true
        var frozen = conditions(before: isEarlier ? fields["before"] : now.text)
        for id in ids { frozen.append("id", id) }
        return frozen
    }

    private func conditions(before: String?) -> FormFields {
        FormFields([
            "reason": fields["reason"], "task": fields["task"], FormFields.text: fields[FormFields.text],
            "after": fields["after"], "before": before,
        ])
    }
}
