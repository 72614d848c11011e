-- Notes that the code of these sends came back.
-- KEYS: 1 the prefix' credit
-- ARGV: 1 now in milliseconds, or empty for the server's time, then the sends' names
-- Returns how many of them were unresolved.
return resolve_sends(KEYS[1], time_now(ARGV[1]), {unpack(ARGV, 2)})
