-- Puts a dead letter back at the end of its line.
-- KEYS: 1-4 waiting lists, 5 dead, 6 dead messages, 7 dead details, 8 statistics
-- ARGV: 1 the dead letter's id
-- Returns 1, or 0 when there is none of that id.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
local message = redis.call('HGET', KEYS[6], ARGV[1])
if not message then return 0 end
redis.call('LPUSH', lists[band_of(message)], message)
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('HDEL', KEYS[6], ARGV[1])
redis.call('HDEL', KEYS[7], ARGV[1])
redis.call('HINCRBY', KEYS[8], 'revived', 1)
return 1
