-- Checks a code. The try is counted before the comparison, and the right code is used up by it, all in one step. It
-- follows limits.lua.
-- KEYS: 1 verification, 2 the prefix' credit, then names to take over
-- ARGV: 1-2 as what its owner may be stored, 3-4 as what the code may be stored, 5 most attempts, 6 now in milliseconds,
--       empty: the server's time
-- Returns {'verified'}, {'wrong', attempts left}, or {'ended'} when there is no such verification of that owner, or it
-- was tried too often.
local known = redis.call('HMGET', KEYS[1], 'owner', 'code', 'attempts', 'sends')
if not known[1] or (known[1] ~= ARGV[1] and known[1] ~= ARGV[2]) then return {'ended'} end
local most = tonumber(ARGV[5])
if tonumber(known[3]) >= most then return {'ended'} end
local attempts = redis.call('HINCRBY', KEYS[1], 'attempts', 1)
-- A code that was sent to nobody is never right.
if not known[4] or (known[2] ~= ARGV[3] and known[2] ~= ARGV[4]) then return {'wrong', most - attempts} end
redis.call('DEL', KEYS[1])
take_over(3)
local sends = {}
for name in string.gmatch(known[4] or '', '%S+') do sends[#sends + 1] = name end
resolve_sends(KEYS[2], time_now(ARGV[6]), sends)
return {'verified'}
