-- Counts the end of one part of a chord. The keys and their contents are those of Celery's workers, which may count
-- other parts of the same chord.
-- KEYS: 1 results of the parts (.j), 2 additional total (.t), 3 total (.s), 4 counted parts (.d), 5 who completes it (.c)
-- ARGV: 1 the part's name, by which it also completes the chord if it is the last one, 2 its place or +inf, 3 its result,
--       4 for how long the completion is reserved in milliseconds
-- Returns 'done' when the chord was completed, 'counted' when other parts are missing, 'reserved' while somebody else is
-- about to complete it, or all results in their order when it is to be completed now.
local holder = redis.call('GET', KEYS[5])
if holder == 'done' then return 'done' end
if redis.call('SISMEMBER', KEYS[4], ARGV[1]) == 0 then
  redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
  redis.call('SADD', KEYS[4], ARGV[1])
end
for i = 1, 4 do redis.call('EXPIRE', KEYS[i], 86400) end
local total = redis.call('GET', KEYS[3])
if not total then return 'counted' end
local wanted = tonumber(total) + tonumber(redis.call('GET', KEYS[2]) or '0')
if redis.call('ZCARD', KEYS[1]) ~= wanted then return 'counted' end
if holder and holder ~= ARGV[1] then return 'reserved' end
redis.call('SET', KEYS[5], ARGV[1], 'PX', ARGV[4])
return redis.call('ZRANGE', KEYS[1], 0, -1)
