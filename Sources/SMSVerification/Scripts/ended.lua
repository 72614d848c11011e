-- Notes that the job of a message has ended without a provider's answer. It follows deliveries.lua.
-- KEYS: 1 message
-- ARGV: 1 state, 2 why, 3 a message's life
-- Returns 1, or 0 when a provider has said more.
local known = redis.call('HMGET', KEYS[1], 'provider', 'state')
if known[1] or known[2] == 'delivered' then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[1], ARGV[1], digits(time_now()), 'reason', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
