-- Tells whether copies of a job lie in several places at this very moment, and takes away all but the first one.
-- KEYS: for each copy the key that it lies in
-- ARGV: 1 '1' to take away, then for each copy: 'list', 'zset' or 'hash', its field in a hash, how many times it lies
--       there at least (more than once only in a list), the message
-- Returns 1 when all of them are there, else 0, and then nothing was done.
local function is_there(key, kind, field, times, message)
  if kind == 'list' then return #redis.call('LPOS', key, message, 'COUNT', times) >= times end
  if kind == 'zset' then return redis.call('ZSCORE', key, message) end
  return redis.call('HGET', key, field) == message
end

for i, key in ipairs(KEYS) do
  local at = 4 * i - 2
  if redis.call('TYPE', key).ok ~= ARGV[at] then return 0 end
  if not is_there(key, ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]) then return 0 end
end
if ARGV[1] ~= '1' then return 1 end

for i, key in ipairs(KEYS) do
  local at = 4 * i - 2
  local kind, field, message = ARGV[at], ARGV[at + 1], ARGV[at + 3]
  local kept = i == 1 and 1 or 0
  if kind == 'list' then
    local surplus = #redis.call('LPOS', key, message, 'COUNT', 0) - kept
    if surplus > 0 then redis.call('LREM', key, surplus, message) end
  elseif kept == 0 and kind == 'zset' then
    redis.call('ZREM', key, message)
  elseif kept == 0 then
    end_claim(key, field)
  end
end
return 1
