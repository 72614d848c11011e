-- Ends a claim by putting the message, in its new form, into the schedule.
-- KEYS: 1 claimed, 2 scheduled, 3 statistics
-- ARGV: 1 claim number, 2 message, 3 delay in milliseconds from now, 4 counter, 5 channel that wakes up workers
-- Returns 1, or 0 when the message was no longer the worker's own.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('ZADD', KEYS[2], now + math.max(0, tonumber(ARGV[3])), ARGV[2])
end_claim(KEYS[1], ARGV[1])
redis.call('HINCRBY', KEYS[3], ARGV[4], 1)
-- Nobody knows yet that something is due so early.
if redis.call('ZRANGE', KEYS[2], 0, 0)[1] == ARGV[2] then redis.call('PUBLISH', ARGV[5], 'scheduled') end
return 1
