-- A worker stops: what it holds goes back to the head of the line in the old order, and its lease ends.
-- KEYS: 1-4 waiting lists, 5 arriving, 6 claimed, 7 workers, 8 statistics, 9 held
-- ARGV: 1 worker, 2 '1' when nothing can arrive any more, then the claim numbers, the newest first
-- Returns how many went back.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
local count = redis.call('LLEN', KEYS[5])
give_back_arriving(lists, KEYS[5])
for i = 3, #ARGV do
  local message = redis.call('HGET', KEYS[6], ARGV[i])
  if message then
    put_at_head(lists, message)
    end_claim(KEYS[6], ARGV[i])
    count = count + 1
  end
end
if count > 0 then redis.call('HINCRBY', KEYS[8], 'given_back', count) end
if ARGV[2] == '1' and redis.call('HLEN', KEYS[6]) == 0 then
  redis.call('DEL', KEYS[9])
  redis.call('ZREM', KEYS[7], ARGV[1])
end
return count
