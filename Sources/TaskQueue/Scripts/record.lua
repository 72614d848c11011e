-- Writes down how the queue stands: one sample for each slot of time, over all workers. Who is first in a slot writes what
-- the server can count; everybody adds what it has measured itself. The slots are used again in turn, so that the key has
-- a bounded size.
-- KEYS: 1-4 waiting lists, 5 scheduled, 6 dead, 7 workers, 8 statistics, 9 history
-- ARGV: 1 a slot's length in milliseconds, 2 how many slots there are, then of this worker: 3 how many jobs it holds,
--       4 how long jobs have waited since its last sample, 5 how long they ran; both JSON: bound in milliseconds -> how many
local length, slots = tonumber(ARGV[1]), tonumber(ARGV[2])
local slot = math.floor(now / length)
local field = string.format('%03d', slot % slots)
local written = redis.call('HGET', KEYS[9], field)
local is_readable, sample = pcall(cjson.decode, written or '')

if not is_readable or type(sample) ~= 'table' or math.floor((tonumber(sample.at) or 0) / length) ~= slot then
  sample = {at = now, waiting = 0, claimed = 0, counters = {}, wait = {}, run = {}}
  for i = 1, 4 do sample.waiting = sample.waiting + redis.call('LLEN', KEYS[i]) end
  sample.scheduled = redis.call('ZCARD', KEYS[5])
  sample.dead = redis.call('ZCARD', KEYS[6])
  sample.workers = redis.call('ZCOUNT', KEYS[7], '(' .. now, '+inf')
  local counters = redis.call('HGETALL', KEYS[8])
  for i = 1, #counters, 2 do sample.counters[counters[i]] = tonumber(counters[i + 1]) end
end

local function add(sum, counts)
  for bound, count in pairs(cjson.decode(counts)) do sum[bound] = (sum[bound] or 0) + count end
end
sample.claimed = sample.claimed + tonumber(ARGV[3])
add(sample.wait, ARGV[4])
add(sample.run, ARGV[5])
redis.call('HSET', KEYS[9], field, cjson.encode(sample))
redis.call('PEXPIRE', KEYS[9], string.format('%.0f', length * slots))
