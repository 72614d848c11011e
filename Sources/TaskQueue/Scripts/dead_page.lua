-- Reads some of the dead letters, in the order of their deaths or the newest first.
-- KEYS: 1 dead, 2 dead details
-- ARGV: 1 how many, 2 '1' for the newest first, then the last letter of the page before: 3 its time, 4 its id;
--       or, for the first page: 3 how many letters to pass over
-- Returns {id, time, details, id, time, details, ...}.
local is_newest_first = ARGV[2] == '1'
local first = tonumber(ARGV[3])
local is_back = false
if ARGV[4] then
  -- That letter may be gone by now. Then it comes back for as long as it takes to find its place.
  is_back = redis.call('ZADD', KEYS[1], 'NX', ARGV[3], ARGV[4]) == 1
  first = redis.call(is_newest_first and 'ZREVRANK' or 'ZRANK', KEYS[1], ARGV[4]) + 1
end
local found = redis.call(
  is_newest_first and 'ZREVRANGE' or 'ZRANGE', KEYS[1], first, first + tonumber(ARGV[1]) - 1, 'WITHSCORES')
if is_back then redis.call('ZREM', KEYS[1], ARGV[4]) end

local page = {}
for i = 1, #found, 2 do
  page[#page + 1] = found[i]
  page[#page + 1] = found[i + 1]
  page[#page + 1] = redis.call('HGET', KEYS[2], found[i]) or ''
end
return page
