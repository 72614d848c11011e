-- Moves messages from a list that no worker looks at to the end of the line that each belongs to.
-- KEYS: 1-4 waiting lists, 5 the list that no worker looks at
-- ARGV: 1 how many at most
-- Returns how many were moved.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
local count = 0
while count < tonumber(ARGV[1]) do
  local message = redis.call('LINDEX', KEYS[5], -1)
  if not message then break end
  redis.call('LPUSH', lists[band_of(message)], message)
  redis.call('RPOP', KEYS[5])
  count = count + 1
end
return count
