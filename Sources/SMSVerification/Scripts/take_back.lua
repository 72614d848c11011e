-- Undoes a reservation: removes send-flag and code, unless the code is another request's by now, and what was charged.
-- It follows limits.lua.
-- KEYS: 1 send-flag, 2 code, then the block of the limits
-- ARGV: 1 the code that was reserved, 2 when it was charged, empty: not known, then the block of the limits
-- Returns how many keys were removed.
if ARGV[2] ~= '' then refund(load_sending(3, 3), tonumber(ARGV[2])) end
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1], KEYS[2])
