-- Makes a scheduler the leader, or keeps it so, and brings the record of periodic tasks in line with the leader's tasks:
-- a task that is new, or whose schedule is, starts from now; one that is no longer there is forgotten.
-- KEYS: 1 scheduler, 2 periodic, 3 periodic schedules
-- ARGV: 1 the scheduler's id, 2 lease in milliseconds, then for each task: name, schedule
-- Returns {now, 'follows', milliseconds that are left of the leader's lease (-1: it has no end)},
-- or {now, 'leads', for each task the time in milliseconds up to which its due times are dealt with}.
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then return {now, 'follows', redis.call('PTTL', KEYS[1])} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])

local reply = {now, 'leads'}
local is_task = {}
for i = 3, #ARGV, 2 do
  local name, schedule = ARGV[i], ARGV[i + 1]
  is_task[name] = true
  local last = redis.call('HGET', KEYS[2], name)
  local known_schedule = redis.call('HGET', KEYS[3], name)
  -- A time far ahead is of a clock that was put right since, and would silence the task until then.
  local is_sound = last and #last <= 15 and last:find('^%d+$') and tonumber(last) <= now + 60000
  if not is_sound or known_schedule and known_schedule ~= schedule then
    last = string.format('%.0f', now)
    redis.call('HSET', KEYS[2], name, last)
  end
  if known_schedule ~= schedule then redis.call('HSET', KEYS[3], name, schedule) end
  reply[#reply + 1] = last
end

for _, key in ipairs({KEYS[2], KEYS[3]}) do
  for _, name in ipairs(redis.call('HKEYS', key)) do
    if not is_task[name] then redis.call('HDEL', key, name) end
  end
end
return reply
