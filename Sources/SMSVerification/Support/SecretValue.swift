/// What must not be read where it is printed by accident: its description is masked, and `dump` and reflection see nothing
/// of what is inside.
public protocol SecretValue: CustomStringConvertible, CustomReflectable {}

extension SecretValue {
    public var customMirror: Mirror { Mirror(self, children: []) }
}
