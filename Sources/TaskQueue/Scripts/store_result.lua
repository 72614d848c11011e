-- Stores a task's result and tells who waits for it. A success is final: nothing is written over it.
-- KEYS: 1 the result, which is also the channel's name
-- ARGV: 1 document, 2 how long it is kept in milliseconds (0: for ever)
-- Returns 1, or 0 when a success is stored already.
local before = redis.call('GET', KEYS[1])
if before then
  local ok, document = pcall(cjson.decode, before)
  if ok and type(document) == 'table' and document.status == 'SUCCESS' then return 0 end
end
if ARGV[2] == '0' then
  redis.call('SET', KEYS[1], ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
redis.call('PUBLISH', KEYS[1], ARGV[1])
return 1
