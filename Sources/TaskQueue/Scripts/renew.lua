-- Begins or prolongs a worker's lease.
-- KEYS: 1 workers
-- ARGV: 1 worker, 2 how long in milliseconds
-- Returns 1 when the lease had not run out, 0 when it is new.
local had = has_lease(KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now_milliseconds() + tonumber(ARGV[2]), ARGV[1])
return had and 1 or 0
