-- Finds dead letters of which a part is missing, and mends them.
-- KEYS: 1 dead, 2 dead messages, 3 dead details
-- ARGV: 1 '1' to mend, then the letters' ids
-- Returns for each id: 0 nothing is missing, or there is none of that id; 1 the message is missing, the rest was of no
-- use and goes; 2 it was not in the order of deaths, and enters it with the present time.
local reply = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local is_listed = redis.call('ZSCORE', KEYS[1], id)
  local has_message = redis.call('HEXISTS', KEYS[2], id) == 1
  local state = 0
  if has_message and not is_listed then
    state = 2
    if ARGV[1] == '1' then redis.call('ZADD', KEYS[1], now, id) end
  elseif not has_message and (is_listed or redis.call('HEXISTS', KEYS[3], id) == 1) then
    state = 1
    if ARGV[1] == '1' then
      redis.call('ZREM', KEYS[1], id)
      redis.call('HDEL', KEYS[3], id)
    end
  end
  reply[#reply + 1] = state
end
return reply
