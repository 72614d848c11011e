-- Reads how much of a queue is where, all at one moment.
-- KEYS: 1-4 waiting lists, 5 scheduled, 6 dead, 7 paused, 8 statistics, 9 workers, 10 names of the tasks with a line
-- ARGV: 1 how many of the next messages of each list, then how the keys begin of what a worker holds, of what arrives at
--       it, and of a task's line
-- Returns {the server's time in microseconds, {how many wait, for each list}, {the next messages, for each list}, how many
-- are scheduled, when the next of them is due or '', how many are dead, 1 while it is paused, {counter, value, ...},
-- {worker, the end of its lease, how many it holds, ...}, {task, the length of its line, ...}}.
local lengths, heads = {}, {}
for i = 1, 4 do
  lengths[i] = redis.call('LLEN', KEYS[i])
  heads[i] = redis.call('LRANGE', KEYS[i], -tonumber(ARGV[1]), -1)
end

local workers, leases = {}, redis.call('ZRANGE', KEYS[9], 0, -1, 'WITHSCORES')
for i = 1, #leases, 2 do
  local held = redis.call('LLEN', ARGV[3] .. leases[i])
  for _, field in ipairs(redis.call('HKEYS', ARGV[2] .. leases[i])) do
    if field:sub(-5) ~= ':sent' then held = held + 1 end
  end
  workers[#workers + 1] = leases[i]
  workers[#workers + 1] = leases[i + 1]
  workers[#workers + 1] = held
end

local lines = {}
for _, task in ipairs(redis.call('SMEMBERS', KEYS[10])) do
  lines[#lines + 1] = task
  lines[#lines + 1] = redis.call('ZCARD', ARGV[4] .. task)
end

return {
  string.format('%.0f', now_micros), lengths, heads, redis.call('ZCARD', KEYS[5]),
  redis.call('ZRANGE', KEYS[5], 0, 0, 'WITHSCORES')[2] or '', redis.call('ZCARD', KEYS[6]),
  redis.call('EXISTS', KEYS[7]), redis.call('HGETALL', KEYS[8]), workers, lines,
}
