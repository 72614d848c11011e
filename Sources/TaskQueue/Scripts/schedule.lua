-- Ends a claim by putting the message, in its new form, into the schedule.
-- KEYS: 1 claimed, 2 scheduled, 3 statistics
-- ARGV: 1 claim number, 2 message, 3 delay in milliseconds from now, 4 counter
-- Returns 1, or 0 when the message was no longer the worker's own.
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1] .. ':sent')
redis.call('ZADD', KEYS[2], now_milliseconds() + math.max(0, tonumber(ARGV[3])), ARGV[2])
redis.call('HINCRBY', KEYS[3], ARGV[4], 1)
return 1
