-- Reads one page of the messages that a key holds: their ids, or those that somebody looks for. What stays in the key
-- while its pages are read is met at least once.
-- KEYS: 1 a list, sorted set or hash of messages
-- ARGV: 1 how many to look at, 2 where to go on as the page before said (the first page: 0),
--       3 'ids': the id of each message; 'with': the messages that contain one of the texts; 'of': the messages whose id
--       is one of the texts; then the texts
-- Returns {where to go on (0: there is no more), how many were looked at, place, id or message, place, ...}. The place
-- is, in a list, how many are taken before it; in a sorted set its score; in a hash its field.
local kind = redis.call('TYPE', KEYS[1]).ok
local count = tonumber(ARGV[1])
local reply = {'0', 0}

local is_wanted_id = {}
for i = 4, #ARGV do is_wanted_id[ARGV[i]] = true end

-- The first member of that name outside of the body, whose quotes are escaped.
local function id_of(message) return message:match('"id"%s*:%s*"(.-)"') or '' end

local function contains_any(message)
  for i = 4, #ARGV do
    if message:find(ARGV[i], 1, true) then return true end
  end
  return false
end

local function look(place, message)
  reply[2] = reply[2] + 1
  local found
  if ARGV[3] == 'ids' then
    found = id_of(message)
  elseif ARGV[3] == 'of' then
    found = is_wanted_id[id_of(message)] and message
  else
    found = contains_any(message) and message
  end
  if found then
    reply[#reply + 1] = tostring(place)
    reply[#reply + 1] = found
  end
end

if kind == 'list' then
  -- From the left, where messages are put in: what moves on meanwhile is met again rather than missed.
  local first, length = tonumber(ARGV[2]), redis.call('LLEN', KEYS[1])
  for i, message in ipairs(redis.call('LRANGE', KEYS[1], first, first + count - 1)) do
    look(length - first - i, message)
  end
  if first + count < length then reply[1] = string.format('%.0f', first + count) end
elseif kind == 'zset' then
  local page = redis.call('ZSCAN', KEYS[1], ARGV[2], 'COUNT', count)
  reply[1] = page[1]
  for i = 1, #page[2], 2 do look(page[2][i + 1], page[2][i]) end
elseif kind == 'hash' then
  local page = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', count)
  reply[1] = page[1]
  for i = 1, #page[2], 2 do
    if not page[2][i]:find(':sent$') then look(page[2][i], page[2][i + 1]) end
  end
end
return reply
