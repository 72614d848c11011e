-- Takes up to so many messages for a worker and gives each a claim number, one after the other from the first on.
-- KEYS: 1-4 waiting lists, 5 paused, 6 arriving, 7 claimed, 8 workers, 9 statistics,
--       then for each task with limits: the line of what waits for them, its rate
-- ARGV: 1 worker, 2 how many at most, 3 first claim number,
--       then for each task with limits: how many of it at most, interval in microseconds (0: none), burst
-- Returns {'no-lease'}, {'paused'}, or {'claimed', the server's time in milliseconds, how many each line gave,
-- message, message, ...}: those of the lines first, in the lines' order.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
local most = tonumber(ARGV[2])

if not has_lease(KEYS[8], ARGV[1]) then return {'no-lease'} end

if redis.call('EXISTS', KEYS[5]) == 1 then
  give_back_arriving(lists, KEYS[6])
  return {'paused'}
end

local number = tonumber(ARGV[3])
local messages = {}
local from_lines = {}

-- At once, before the next list is touched: what goes wrong there loses nothing that was taken here.
local function record(taken)
  local fields = {}
  for i, message in ipairs(taken) do
    fields[2 * i - 1] = number + #messages
    fields[2 * i] = message
    messages[#messages + 1] = message
  end
  for i = 1, #fields, 1000 do
    redis.call('HSET', KEYS[7], unpack(fields, i, math.min(i + 999, #fields)))
  end
end

for i = 1, (#KEYS - 9) / 2 do
  local line, rate, argument = KEYS[8 + 2 * i], KEYS[9 + 2 * i], 1 + 3 * i
  local wanted = math.min(tonumber(ARGV[argument]), most - #messages)
  if wanted > 0 then wanted = math.min(wanted, redis.call('ZCARD', line)) end
  local allowed = use_starts(rate, tonumber(ARGV[argument + 1]), tonumber(ARGV[argument + 2]), wanted)
  from_lines[i] = math.max(0, allowed)
  if allowed > 0 then
    local popped = redis.call('ZPOPMIN', line, allowed)
    local taken = {}
    for j = 1, #popped, 2 do taken[#taken + 1] = popped[j] end
    record(taken)
  end
end

for _, list in ipairs({KEYS[6], lists[1], lists[2], lists[3], lists[4]}) do
  local missing = most - #messages
  if missing <= 0 then break end
  record(redis.call('RPOP', list, missing) or {})
end
-- What this worker has no place for must not wait with it.
if #messages >= most then give_back_arriving(lists, KEYS[6]) end
if #messages > 0 then redis.call('HINCRBY', KEYS[9], 'claimed', #messages) end

table.insert(messages, 1, from_lines)
table.insert(messages, 1, now)
table.insert(messages, 1, 'claimed')
return messages
