/// Names and label texts as Prometheus's text format 0.0.4 allows them.
enum MetricName {
    /// A metric's name: letters, digits, `_` and `:`, not beginning with a digit; anything else becomes `_`.
    static func metric(_ text: String) -> String {
        sanitized(text) { $0 == ":" }
    }

    /// A label's name: letters, digits and `_`, not beginning with a digit; `le` belongs to histograms and `__…` to
    /// Prometheus itself.
    static func label(_ text: String) -> String {
        let name = sanitized(text) { _ in false }
        return name == "le" || name.hasPrefix("__") ? "label_\(name)" : name
    }

    /// `name="value"` pairs with commas between, in the labels' order; empty without labels.
    static func rendered(_ labels: [(String, String)]) -> String {
        labels.map { "\(label($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    /// Help text with backslashes and line feeds escaped.
    static func help(_ text: String) -> String {
        text.replacing(#"\"#, with: #"\\"#).replacing("\n", with: #"\n"#)
    }

    private static func escaped(_ value: String) -> String {
        help(value).replacing("\"", with: #"\""#)
    }

    private static func sanitized(_ text: String, alsoAllowed: (Unicode.Scalar) -> Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": name.unicodeScalars.append(scalar)
            case "0"..."9":
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(scalar)
            case _ where alsoAllowed(scalar): name.unicodeScalars.append(scalar)
            default: name.append("_")
            }
        }
        return name.isEmpty ? "_" : name
    }
}
