-- Throws away all messages of some keys, whatever their number, without making others wait.
-- KEYS: 1 statistics, then lists and sorted sets
-- Returns how many each of them held.
local counts = {}
local total = 0
for i = 2, #KEYS do
  local kind = redis.call('TYPE', KEYS[i]).ok
  local count = 0
  if kind == 'list' then count = redis.call('LLEN', KEYS[i]) end
  if kind == 'zset' then count = redis.call('ZCARD', KEYS[i]) end
  if count > 0 then redis.call('UNLINK', KEYS[i]) end
  counts[#counts + 1] = count
  total = total + count
end
if total > 0 then redis.call('HINCRBY', KEYS[1], 'purged', total) end
return counts
