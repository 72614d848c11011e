-- Ends claims: the tasks are done, the messages go.
-- KEYS: 1 claimed, 2 statistics
-- ARGV: pairs of claim number and counter
-- Returns 1 or 0 for each pair: 0 when the message was no longer the worker's own.
local settled = {}
for i = 1, #ARGV, 2 do
  local had = redis.call('HDEL', KEYS[1], ARGV[i])
  redis.call('HDEL', KEYS[1], ARGV[i] .. ':sent')
  if had == 1 then redis.call('HINCRBY', KEYS[2], ARGV[i + 1], 1) end
  settled[#settled + 1] = had
end
return settled
