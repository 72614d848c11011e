-- Moves scheduled messages that are due to the head of their line, and drops dead letters whose time is over.
-- KEYS: 1-4 waiting lists, 5 scheduled, 6 names of the tasks with a line, 7 dead, 8 dead messages, 9 dead details,
--       10 statistics, then for each task with limits: its line, its rate
-- ARGV: 1 how many at most, 2 how many dead letters are kept, 3 for how long in milliseconds,
--       then for each task with limits: interval in microseconds (0: none), burst
-- Returns two numbers: in how many milliseconds the next scheduled message is due, and when the next task may start
-- that waits in a line (0 means now, -1 that there is none), and the names of the tasks with a line.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
-- The one that has been due for longest is put last, so that it is taken first, also when all take several steps.
for _, message in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[5], now, '-inf', 'LIMIT', 0, ARGV[1])) do
  put_at_head(lists, message)
  redis.call('ZREM', KEYS[5], message)
end
drop_surplus_letters(KEYS[7], KEYS[8], KEYS[9], KEYS[10], tonumber(ARGV[2]), tonumber(ARGV[3]))

local next_due = -1
local next_one = redis.call('ZRANGE', KEYS[5], 0, 0, 'WITHSCORES')
if #next_one > 0 then next_due = math.max(0, tonumber(next_one[2]) - now) end

local next_limited = -1
for i = 1, (#KEYS - 10) / 2 do
  if redis.call('ZCARD', KEYS[9 + 2 * i]) > 0 then
    local wait = math.ceil(
      wait_for_start(KEYS[10 + 2 * i], tonumber(ARGV[2 + 2 * i]), tonumber(ARGV[3 + 2 * i])) / 1000)
    if next_limited < 0 or wait < next_limited then next_limited = wait end
  end
end
local with_line = {}
for _, task in ipairs(redis.call('SMEMBERS', KEYS[6])) do
  if redis.call('ZCARD', KEYS[6] .. ':' .. task) > 0 then with_line[#with_line + 1] = task end
end
return {next_due, next_limited, with_line}
