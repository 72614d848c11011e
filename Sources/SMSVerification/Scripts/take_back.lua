-- Undoes a reservation: removes send-flag and code, unless the code is another request's by now.
-- KEYS: 1 send-flag, 2 code
-- ARGV: 1 the code that was reserved
-- Returns how many keys were removed.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1], KEYS[2])
