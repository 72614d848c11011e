-- Deletes dead letters for good.
-- KEYS: 1 dead, 2 dead messages, 3 dead details, 4 statistics
-- ARGV: the dead letters' ids
-- Returns 1 or 0 for each: 0 when there is none of that id, or none any more.
local deleted = {}
local count = 0
for i, id in ipairs(ARGV) do
  deleted[i] = math.max(redis.call('ZREM', KEYS[1], id), redis.call('HDEL', KEYS[2], id))
  redis.call('HDEL', KEYS[3], id)
  count = count + deleted[i]
end
if count > 0 then redis.call('HINCRBY', KEYS[4], 'dead_deleted', count) end
return deleted
