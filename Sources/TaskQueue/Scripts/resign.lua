-- A scheduler stops: another one may lead at once.
-- KEYS: 1 scheduler
-- ARGV: 1 the scheduler's id
-- Returns 1, or 0 when it did not lead.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
