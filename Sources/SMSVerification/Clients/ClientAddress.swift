/// STUB
public struct ClientAddress: Sendable {
    public init() {}
}
