/// Follows a stream of RESP2 replies, to know where one ends.
///
/// Source: <https://redis.io/docs/latest/develop/reference/protocol-spec/>
struct ReplyBoundary {
    private var missingValues = 0
    private var missingBytes = 0
    private var line: [UInt8] = []

    /// Whether the last reply is complete and no further one has begun.
    var isBetweenReplies: Bool { missingValues == 0 && missingBytes == 0 && line.isEmpty }

    mutating func pass(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            if missingBytes > 0 {
                let taken = min(missingBytes, rest.count)
                missingBytes -= taken
                rest = rest.dropFirst(taken)
            } else if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[...end]
                rest = rest[(end + 1)...]
                finishLine()
            } else {
                line += rest
                rest = []
            }
        }
    }

    private mutating func finishLine() {
        defer { line = [] }
        let count = Int(String(decoding: line.dropFirst().dropLast(2), as: UTF8.self)) ?? 0
        // A line that no array announced begins a reply of its own.
        missingValues = max(missingValues, 1) - 1
        switch line.first {
        case UInt8(ascii: "$") where count >= 0: missingBytes = count + 2
        case UInt8(ascii: "*") where count > 0: missingValues += count
        default: break
        }
    }
}
