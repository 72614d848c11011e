/// Yes or no, as a setting has it.
public enum Switch: String, CaseIterable, Sendable {
    /// It is on.
    case yes
    /// It is off.
    case no
}
