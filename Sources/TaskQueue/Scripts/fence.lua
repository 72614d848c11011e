-- The send fence: right before a task has its effect, checks that the claim still stands and records the attempt.
-- KEYS: 1 claimed, 2 workers
-- ARGV: 1 worker, 2 claim number, 3 attempt
-- Returns 1 when the worker may go on, 0 when the message is no longer its own.
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then return 0 end
if not has_lease(KEYS[2], ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[2] .. ':sent', ARGV[3])
return 1
