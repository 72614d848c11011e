-- Ends claims: the tasks are done, the messages go.
-- KEYS: 1 claimed, 2 statistics
-- ARGV: 1 counter, 2 '1' when an attempt of any of them went out, then the claim numbers, at most 1000
-- Returns how many were still the worker's own.
local own = redis.call('HDEL', KEYS[1], unpack(ARGV, 3))
if ARGV[2] == '1' then
  local sent = {}
  for i = 3, #ARGV do sent[i - 2] = ARGV[i] .. ':sent' end
  redis.call('HDEL', KEYS[1], unpack(sent))
end
if own > 0 then redis.call('HINCRBY', KEYS[2], ARGV[1], own) end
return own
