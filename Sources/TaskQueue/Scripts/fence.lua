-- The send fence: right before a task has its effect, checks that the claim still stands and that the message has not
-- expired, and records the attempt.
-- KEYS: 1 claimed, 2 workers
-- ARGV: 1 worker, 2 claim number, 3 attempt, 4 when the message expires in milliseconds, empty: never
-- Returns 1 when the worker may go on, 0 when the message is no longer its own, -1 when it has expired.
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then return 0 end
if not has_lease(KEYS[2], ARGV[1]) then return 0 end
if ARGV[4] ~= '' and now >= tonumber(ARGV[4]) then return -1 end
redis.call('HSET', KEYS[1], ARGV[2] .. ':sent', ARGV[3])
return 1
