-- Moves scheduled messages that are due to the head of their line.
-- KEYS: 1-4 waiting lists, 5 scheduled
-- ARGV: 1 how many at most
-- Returns the milliseconds until the next one is due (0: now), or -1 when nothing is scheduled.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
local now = now_milliseconds()
local due = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', now, 'LIMIT', 0, ARGV[1])
-- The one that has been due for longest is put last, so that it is taken first.
for i = #due, 1, -1 do
  redis.call('ZREM', KEYS[5], due[i])
  put_at_head(lists, due[i])
end
local next_one = redis.call('ZRANGE', KEYS[5], 0, 0, 'WITHSCORES')
if #next_one == 0 then return -1 end
return math.max(0, tonumber(next_one[2]) - now)
