import Testing

/// What goes wrong between a client and a real server. After each fault the client works again by itself, and no
/// caller ever gets another caller's reply.
///
/// One after the other: under load, a test takes all of the machine.
@Suite(.serialized, .timeLimit(.minutes(3))) enum FaultTests {}
