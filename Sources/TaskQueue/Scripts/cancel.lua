-- Takes a job away that nobody works on yet.
-- KEYS: 1 the list or sorted set that it waits in, 2 statistics
-- ARGV: 1 the message
-- Returns 1, or 0 when it is not there any more.
local kind = redis.call('TYPE', KEYS[1]).ok
local removed = 0
if kind == 'list' then
  -- From the right: what waits for long is far from the left.
  removed = redis.call('LREM', KEYS[1], -1, ARGV[1])
elseif kind == 'zset' then
  removed = redis.call('ZREM', KEYS[1], ARGV[1])
end
if removed > 0 then redis.call('HINCRBY', KEYS[2], 'cancelled', 1) end
return removed
