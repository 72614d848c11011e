-- Ends a claim by putting the message among the dead letters, which are bounded in number and age.
-- KEYS: 1 claimed, 2 dead, 3 dead messages, 4 dead details, 5 statistics, 6 workers,
--       then one list for each message that follows the failure
-- ARGV: 1 claim number, 2 dead letter's id, 3 details, 4 how many are kept, 5 for how long in milliseconds,
--       6 the dead worker whose claim it is, empty for one's own, then the messages that follow
-- Returns 1, or 0 when the claim is gone or the dead worker lives again. When one of the lists for what follows is
-- none, nothing follows.
if ARGV[6] ~= '' and has_lease(KEYS[6], ARGV[6]) then return 0 end
local message = redis.call('HGET', KEYS[1], ARGV[1])
if not message then return 0 end
redis.call('ZADD', KEYS[2], now, ARGV[2])
redis.call('HSET', KEYS[3], ARGV[2], message)
redis.call('HSET', KEYS[4], ARGV[2], ARGV[3])
if are_lists(KEYS, 7) then
  for i = 7, #ARGV do redis.call('LPUSH', KEYS[i], ARGV[i]) end
end
end_claim(KEYS[1], ARGV[1])
redis.call('HINCRBY', KEYS[5], 'dead', 1)
drop_surplus_letters(KEYS[2], KEYS[3], KEYS[4], KEYS[5], tonumber(ARGV[4]), tonumber(ARGV[5]))
return 1
