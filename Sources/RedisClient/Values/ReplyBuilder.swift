internal import CHiredisShim

/// Builds Swift values out of what hiredis' reader reads, without hiredis' own reply tree in between.
///
/// Memory: hiredis owns the text it hands over, and only during the call, so every text is copied at once. Nothing that
/// Swift makes is given to hiredis. The listener holds an unretained pointer to this object; whoever owns the reader
/// keeps this object alive for longer.
final class ReplyBuilder {
    private struct OpenAggregate {
        var kind: chiredis_aggregate_kind
        var elements: [RESPValue]
        var missing: Int
    }

    /// hiredis 0.14 nests seven deep, later versions without end; deeper replies than this would exhaust the stack.
    private static let deepest = 32

    private var open: [OpenAggregate] = []
    /// A reply nests deeper than is good.
    private(set) var isTooDeep = false
    private var finished: RESPValue?
    let listener: UnsafeMutablePointer<chiredis_listener>

    init() {
        listener = .allocate(capacity: 1)
        listener.initialize(to: chiredis_listener())
        listener.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
        listener.pointee.text = { owner, kind, bytes, length in
            ReplyBuilder.at(owner).text(kind, UnsafeRawBufferPointer(start: bytes, count: length))
        }
        listener.pointee.integer = { owner, value in ReplyBuilder.at(owner).close(.integer(Int(value))) }
        listener.pointee.floating = { owner, value in ReplyBuilder.at(owner).close(.double(value)) }
        listener.pointee.boolean = { owner, value in ReplyBuilder.at(owner).close(.boolean(value != 0)) }
        listener.pointee.aggregate = { owner, kind, count in ReplyBuilder.at(owner).aggregate(kind, count) }
        listener.pointee.null = { owner in ReplyBuilder.at(owner).close(.null) }
    }

    deinit {
        listener.deallocate()
    }

    /// The reply that has just been read whole, handed out once. Nil when it was none: an attribute tells of the next.
    func take() -> RESPValue? {
        defer { finished = nil }
        return finished
    }

    private static func at(_ owner: UnsafeMutableRawPointer?) -> ReplyBuilder {
        guard let owner else { preconditionFailure("hiredis lost the listener's owner") }
        return Unmanaged<ReplyBuilder>.fromOpaque(owner).takeUnretainedValue()
    }

    private func text(_ kind: chiredis_text_kind, _ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case CHIREDIS_STATUS: close(.status(String(decoding: bytes, as: UTF8.self)))
        case CHIREDIS_ERROR: close(.error(String(decoding: bytes, as: UTF8.self)))
        case CHIREDIS_BIG_NUMBER: close(.bigNumber(String(decoding: bytes, as: UTF8.self)))
        case CHIREDIS_VERBATIM:
            // Three letters of format and a colon come before the text.
            let format = String(decoding: bytes.prefix(3), as: UTF8.self)
            close(.verbatim(format: format, text: String(decoding: bytes.dropFirst(4), as: UTF8.self)))
        default: close(.bytes([UInt8](bytes)))
        }
    }

    private func aggregate(_ kind: chiredis_aggregate_kind, _ count: Int) {
        guard open.count < Self.deepest, !isTooDeep else {
            isTooDeep = true
            return
        }
        var aggregate = OpenAggregate(kind: kind, elements: [], missing: count)
        guard count > 0 else { return closeAggregate(aggregate) }
        // The count is the peer's word: it may not make us reserve gigabytes before a single element has come.
        aggregate.elements.reserveCapacity(min(count, 1024))
        open.append(aggregate)
    }

    /// A value is complete: it is the next element of the innermost open aggregate, or the reply itself.
    private func close(_ value: RESPValue) {
        guard let last = open.indices.last else {
            finished = value
            return
        }
        open[last].elements.append(value)
        open[last].missing -= 1
        if open[last].missing == 0 { closeAggregate(open.removeLast()) }
    }

    private func closeAggregate(_ aggregate: OpenAggregate) {
        switch aggregate.kind {
        case CHIREDIS_MAP: close(.map(RESPValue.pairs(aggregate.elements)))
        case CHIREDIS_SET: close(.set(aggregate.elements))
        case CHIREDIS_PUSH: close(.push(aggregate.elements))
        case CHIREDIS_ATTRIBUTE where open.isEmpty: break  // tells of the next reply, and is none itself
        case CHIREDIS_ATTRIBUTE: close(.map(RESPValue.pairs(aggregate.elements)))  // hiredis counts it as an element
        default: close(.array(aggregate.elements))
        }
    }
}
