-- Decides whether a claimed task with limits may start now. If not, its message moves to the line of its task, by
-- priority and then by age, and holds no place of the worker.
-- KEYS: 1 claimed, 2 the task's line, 3 its rate, 4 names of the tasks with a line, 5 statistics
-- ARGV: 1 claim number, 2 task, 3 the message's band from 0 to 3, 4 '1' when the worker has room for the task,
--       5 interval in microseconds (0: none), 6 burst, 7 the message in the form in which it waits,
--       8 channel that wakes up workers
-- Returns 1: start, 0: moved to the line, -1: the claim is gone.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return -1 end
local interval, burst = tonumber(ARGV[5]), tonumber(ARGV[6])
if ARGV[4] == '1' and redis.call('ZCARD', KEYS[2]) == 0 and use_starts(KEYS[3], interval, burst, 1) == 1 then
  return 1
end
local place = tonumber(ARGV[3]) * 2 ^ 50 + redis.call('HINCRBY', KEYS[5], 'limited', 1)
redis.call('ZADD', KEYS[2], string.format('%.0f', place), ARGV[7])
redis.call('SADD', KEYS[4], ARGV[2])
end_claim(KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[8], 'limited')
return 0
