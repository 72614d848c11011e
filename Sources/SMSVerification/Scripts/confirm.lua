-- Notes, once, that the code of a message was entered. It follows deliveries.lua.
-- KEYS: 1 message
-- ARGV: 1 milliseconds since the code was asked for, 2 prefix of days' keys
-- Returns {provider, country}, or {} when nothing is known of the message, or it was noted before.
local known = redis.call('HMGET', KEYS[1], 'provider', 'country', 'prefix', 'day')
if not known[1] or redis.call('HSETNX', KEYS[1], 'confirmed', digits(time_now())) == 0 then return {} end
local day = ARGV[2] .. known[1] .. ':' .. known[4]
count(day, known[3], 'confirmed', 1)
count(day, known[3], 'code_ms', tonumber(ARGV[1]))
return {known[1], known[2]}
