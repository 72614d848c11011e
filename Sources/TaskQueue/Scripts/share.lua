-- Gives a worker its part of places that all workers share: as many as it wants, and where there are too few, nobody
-- more than an equal part as long as others want theirs. What is in use beyond the part counts as the worker's until it
-- is free and the worker asks again. A worker that does not ask again in time has none.
-- KEYS: 1 hash: worker -> places that it has, places that it wants, when that ends in milliseconds
-- ARGV: 1 worker, 2 places in all, 3 how many the worker uses, 4 how many it wants, 5 for how long in milliseconds
-- Returns how many places the worker may use from now on.
local places, used, wanted = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local others_have, others_want = 0, {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if fields[i] ~= ARGV[1] then
    local has, wants, ends = string.match(fields[i + 1], '^(%d+) (%d+) (%d+)$')
    if has and tonumber(ends) > now then
      others_have = others_have + tonumber(has)
      others_want[#others_want + 1] = tonumber(wants)
    else
      redis.call('HDEL', KEYS[1], fields[i])
    end
  end
end

-- Who wants less than an equal part leaves more to the rest.
table.sort(others_want)
local left, workers = places, #others_want + 1
for _, wants in ipairs(others_want) do
  if wants * workers >= left then break end
  left = left - wants
  workers = workers - 1
end
local part = math.max(0, math.min(wanted, math.ceil(left / workers), places - others_have))
local has = math.max(part, used)

if has == 0 and wanted == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], has .. ' ' .. wanted .. ' ' .. (now + tonumber(ARGV[5])))
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
return part
