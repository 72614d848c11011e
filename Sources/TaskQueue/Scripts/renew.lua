-- Begins or prolongs a worker's lease, and notes since when the worker holds what it holds.
-- KEYS: 1 workers, 2 claimed, 3 held
-- ARGV: 1 worker, 2 how long in milliseconds
-- Returns the server's time in milliseconds.
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])

-- A user that may renew a lease, but do none of this, keeps the lease.
local held, noted = redis.pcall('HKEYS', KEYS[2]), redis.pcall('HKEYS', KEYS[3])
if held.err or noted.err then return now end
local is_held, is_noted, new, ended = {}, {}, {}, {}
for _, number in ipairs(noted) do is_noted[number] = true end
for _, field in ipairs(held) do
  is_held[field] = true
  if not is_noted[field] and field:find('^%d+$') then
    new[#new + 1] = field
    new[#new + 1] = now
  end
end
for _, number in ipairs(noted) do
  if not is_held[number] then ended[#ended + 1] = number end
end
for i = 1, #new, 1000 do redis.pcall('HSET', KEYS[3], unpack(new, i, math.min(i + 999, #new))) end
for i = 1, #ended, 1000 do redis.pcall('HDEL', KEYS[3], unpack(ended, i, math.min(i + 999, #ended))) end
-- It goes when its worker does.
redis.pcall('PEXPIRE', KEYS[3], 60000)
return now
