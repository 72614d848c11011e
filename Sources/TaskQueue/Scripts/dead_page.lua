-- Reads some of the dead letters, in the order of their deaths or the newest first.
-- KEYS: 1 dead, 2 dead details
-- ARGV: 1 how many, 2 '1' for the newest first, then the last letter of the page before: 3 its time, 4 its id;
--       or, for the first page: 3 how many letters to pass over
-- Returns {id, time, details, id, time, details, ...}.
local is_newest_first = ARGV[2] == '1'

-- Redis orders ids by their bytes; Lua would do it as the language of the server's machine has it.
local function comes_before(id, other)
  for i = 1, math.min(#id, #other) do
    if id:byte(i) ~= other:byte(i) then return id:byte(i) < other:byte(i) end
  end
  return #id < #other
end

-- How many letters lie before the place of one that is gone.
local function count_before(time, id)
  local low, high = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. time), redis.call('ZCOUNT', KEYS[1], '-inf', time)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if comes_before(redis.call('ZRANGE', KEYS[1], middle, middle)[1], id) then low = middle + 1 else high = middle end
  end
  return low
end

local first = tonumber(ARGV[3])
if ARGV[4] then
  local rank = redis.call(is_newest_first and 'ZREVRANK' or 'ZRANK', KEYS[1], ARGV[4])
  if rank then
    first = rank + 1
  else
    first = count_before(ARGV[3], ARGV[4])
    if is_newest_first then first = redis.call('ZCARD', KEYS[1]) - first end
  end
end
local found = redis.call(
  is_newest_first and 'ZREVRANGE' or 'ZRANGE', KEYS[1], first, first + tonumber(ARGV[1]) - 1, 'WITHSCORES')

local page = {}
for i = 1, #found, 2 do
  page[#page + 1] = found[i]
  page[#page + 1] = found[i + 1]
  page[#page + 1] = redis.call('HGET', KEYS[2], found[i]) or ''
end
return page
