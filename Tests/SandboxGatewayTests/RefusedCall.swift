import Foundation
import Testing

/// A way to spoil a call, and what the vendor finds wrong with it.
struct RefusedCall<Call, Fault: Sendable>: Sendable, CustomTestStringConvertible {
    var fault: Fault
    var what: String
    var spoil: @Sendable (inout Call) -> Void

    init(_ fault: Fault, _ what: String, _ spoil: @escaping @Sendable (inout Call) -> Void) {
        self.fault = fault
        self.what = what
        self.spoil = spoil
    }

    var testDescription: String { "\(fault): \(what)" }
}

/// A form body written out by hand.
func formBody(_ fields: KeyValuePairs<String, String?>) -> String {
    fields.compactMap { name, value in value.map { "\(percentEncoded(name))=\(percentEncoded($0))" } }
        .joined(separator: "&")
}

private func percentEncoded(_ text: String) -> String {
    let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
}
