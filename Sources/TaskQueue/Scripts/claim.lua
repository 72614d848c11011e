-- Takes up to so many messages for a worker and gives each a claim number.
-- KEYS: 1-4 waiting lists, 5 paused, 6 arriving, 7 claimed, 8 workers, 9 statistics
-- ARGV: 1 worker, 2 how many at most
-- Returns {'no-lease'}, {'paused'}, or {'claimed', number, message, number, message, ...}.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}

if not has_lease(KEYS[8], ARGV[1]) then return {'no-lease'} end

if redis.call('EXISTS', KEYS[5]) == 1 then
  give_back_arriving(lists, KEYS[6])
  return {'paused'}
end

local messages = {}
for _, list in ipairs({KEYS[6], lists[1], lists[2], lists[3], lists[4]}) do
  local missing = tonumber(ARGV[2]) - #messages
  if missing <= 0 then break end
  for _, message in ipairs(redis.call('RPOP', list, missing) or {}) do
    messages[#messages + 1] = message
  end
end

local reply = {'claimed'}
for _, message in ipairs(messages) do
  -- Never over a claim that stands, even when somebody has reset the statistics.
  local number = redis.call('HINCRBY', KEYS[9], 'claimed', 1)
  while redis.call('HSETNX', KEYS[7], number, message) == 0 do
    number = redis.call('HINCRBY', KEYS[9], 'claimed', 1)
  end
  reply[#reply + 1] = tostring(number)
  reply[#reply + 1] = message
end
return reply
