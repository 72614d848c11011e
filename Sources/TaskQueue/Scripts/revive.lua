-- Puts dead letters back at the end of their lines, in a new form. Under one id there is never another message.
-- KEYS: 1-4 waiting lists, 5 dead, 6 dead messages, 7 dead details, 8 statistics
-- ARGV: pairs of a dead letter's id and its message in the new form
-- Returns 1 or 0 for each pair: 0 when there is none of that id, or none any more.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
local revived = {}
local count = 0
for i = 1, #ARGV, 2 do
  local had = redis.call('HDEL', KEYS[6], ARGV[i])
  if had == 1 then
    redis.call('LPUSH', lists[band_of(ARGV[i + 1])], ARGV[i + 1])
    redis.call('ZREM', KEYS[5], ARGV[i])
    redis.call('HDEL', KEYS[7], ARGV[i])
    count = count + 1
  end
  revived[#revived + 1] = had
end
if count > 0 then redis.call('HINCRBY', KEYS[8], 'revived', count) end
return revived
