-- Counts the end of one part of a chord. The keys and their contents are those of Celery's workers, which may count
-- other parts of the same chord.
-- KEYS: 1 results of the parts (.j), 2 additional total (.t), 3 total (.s), 4 counted parts (.d), 5 who completes it (.c)
-- ARGV: 1 the part's name, 2 its place or +inf, 3 its result, 4 who completes it if this is the last part,
--       5 for how long that is reserved in milliseconds
-- Returns all results in their order when this worker has to send the chord's body, else nothing.
if redis.call('GET', KEYS[5]) == 'done' then return false end
if redis.call('SADD', KEYS[4], ARGV[1]) == 1 then redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3]) end
for i = 1, 4 do redis.call('EXPIRE', KEYS[i], 86400) end
local total = redis.call('GET', KEYS[3])
if not total then return false end
local wanted = tonumber(total) + tonumber(redis.call('GET', KEYS[2]) or '0')
if redis.call('ZCARD', KEYS[1]) ~= wanted then return false end
if not redis.call('SET', KEYS[5], ARGV[4], 'NX', 'PX', ARGV[5]) then return false end
return redis.call('ZRANGE', KEYS[1], 0, -1)
