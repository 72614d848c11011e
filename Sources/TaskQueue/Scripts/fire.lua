-- Puts a periodic task's messages on its list and records up to when its due times are dealt with.
-- KEYS: 1 scheduler, 2 periodic, 3 statistics, 4 list
-- ARGV: 1 the scheduler's id, 2 the task's name, 3 the time that was recorded, 4 the time to record, then the messages,
--       the first one due first
-- Returns 1; 0 when another scheduler leads, or has dealt with some of these due times.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return 0 end
for i = 5, #ARGV do redis.call('LPUSH', KEYS[4], ARGV[i]) end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
if #ARGV > 4 then redis.call('HINCRBY', KEYS[3], 'periodic', #ARGV - 4) end
return 1
