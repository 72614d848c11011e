public import ServiceContextModule

/// Where in which trace one is: what travels between processes.
///
/// Source: <https://www.w3.org/TR/trace-context/>
public struct TraceContext: Sendable, Hashable {
    /// The trace: 16 bytes, never all zero.
    public let traceID: TraceID
    /// The span: 8 bytes, never zero.
    public let spanID: SpanID
    /// Whoever began the trace wants it recorded.
    public let isSampled: Bool
    /// What other systems have added, to be passed on as it is.
    public let state: String?

    /// The header that names trace, span and flags.
    public static let parentHeader = "traceparent"
    /// The header with what other systems have added.
    public static let stateHeader = "tracestate"

    init(traceID: TraceID, spanID: SpanID, isSampled: Bool, state: String? = nil) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// Reads the header; nil when it is damaged, and its sender is then taken for one that traces nothing.
    public init?(traceparent: String, tracestate: String? = nil) {
        let fields = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count >= 4, let version = Hexadecimal.bytes(fields[0], count: 1)?[0], version != 0xFF,
            version > 0 || fields.count == 4, let traceID = TraceID(fields[1]), let spanID = SpanID(fields[2]),
            let flags = Hexadecimal.bytes(fields[3], count: 1)?[0]
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1, state: tracestate)
    }

    /// As the header has it.
    public var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }
}

/// A trace's id.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
    /// Its 16 bytes, in two halves, the first in front.
    let halves: (high: UInt64, low: UInt64)

    init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text, count: 16), bytes.contains(where: { $0 != 0 }) else { return nil }
        halves = (Hexadecimal.number(bytes[..<8]), Hexadecimal.number(bytes[8...]))
    }

    init(high: UInt64, low: UInt64) {
        halves = (high, low)
    }

    /// A new one.
    static func random() -> TraceID { TraceID(high: .random(in: 0 ... .max), low: .random(in: 1 ... .max)) }

    /// 32 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.text(halves.high) + Hexadecimal.text(halves.low) }

    public static func == (one: TraceID, other: TraceID) -> Bool { one.halves == other.halves }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(halves.high)
        hasher.combine(halves.low)
    }
}

/// A span's id.
public struct SpanID: Sendable, Hashable, CustomStringConvertible {
    let number: UInt64

    init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text, count: 8) else { return nil }
        number = Hexadecimal.number(bytes[...])
        if number == 0 { return nil }
    }

    private init(number: UInt64) {
        self.number = number
    }

    /// A new one.
    static func random() -> SpanID { SpanID(number: .random(in: 1 ... .max)) }

    /// 16 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.text(number) }
}

/// Lower-case hexadecimal digits, which are the only ones that the headers may have.
private enum Hexadecimal {
    static func bytes(_ text: some StringProtocol, count: Int) -> [UInt8]? {
        let digits = text.utf8.compactMap(digit)
        guard digits.count == 2 * count, text.utf8.count == 2 * count else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension ServiceContext {
    private enum TraceKey: ServiceContextKey {
        typealias Value = TraceContext
    }

    /// The span that work is done in.
    public var trace: TraceContext? {
        get { self[TraceKey.self] }
        set { self[TraceKey.self] = newValue }
    }
}
