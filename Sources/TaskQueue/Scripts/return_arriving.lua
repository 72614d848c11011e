-- A worker has no free place for what has come to it while it waited: that goes back to the head of the line.
-- KEYS: 1-4 waiting lists, 5 arriving
-- Returns how many went back.
local count = redis.call('LLEN', KEYS[5])
give_back_arriving({KEYS[1], KEYS[2], KEYS[3], KEYS[4]}, KEYS[5])
return count
