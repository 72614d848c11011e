import Testing

/// What becomes of tasks when worker processes die, freeze or are told to stop: real processes, a real Redis.
///
/// Variables change the size of it:
/// - `SMS_CRASH_JOBS`: how many jobs the workers that are killed get; 20,000 when it is not set.
/// - `SMS_CRASH_SEED`: which workers are killed and which jobs expire, as the report of an earlier run names it. The
///   moments are not repeated by it.
///
/// One after the other: each wants the whole machine.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CrashTests {}
