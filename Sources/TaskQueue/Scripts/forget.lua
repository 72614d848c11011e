-- Strikes a dead worker off the list once nothing is left of it; what had only arrived at it goes back.
-- KEYS: 1-4 waiting lists, 5 arriving, 6 claimed, 7 workers, 8 held
-- ARGV: 1 the dead worker
-- Returns 1 when it is forgotten.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
if has_lease(KEYS[7], ARGV[1]) then return 0 end
give_back_arriving(lists, KEYS[5])
if redis.call('HLEN', KEYS[6]) > 0 then return 0 end
redis.call('DEL', KEYS[8])
redis.call('ZREM', KEYS[7], ARGV[1])
return 1
