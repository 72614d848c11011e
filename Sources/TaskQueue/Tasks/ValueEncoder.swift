internal import FoundationEssentials

/// Swift values as JSON text: text, numbers and truth values at once, anything else through Foundation's encoder.
enum ValueEncoder {
    static func json(_ value: some Encodable) throws -> [UInt8] {
        switch value {
        case let text as String: return JSONString.encode(text)
        case let flag as Bool: return Array((flag ? "true" : "false").utf8)
        case let number as any FixedWidthInteger: return Array(String(describing: number).utf8)
        case let number as Double where number.isFinite: return Array(String(number).utf8)
        case is NoResult: return Array("null".utf8)
        default: return try [UInt8](JSONEncoder().encode(value))
        }
    }
}
