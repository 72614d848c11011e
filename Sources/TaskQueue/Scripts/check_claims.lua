-- Looks whether what a worker holds is in order, and mends it.
-- KEYS: 1 claimed, 2 arriving, 3 workers
-- ARGV: 1 the worker, 2 '1' to mend
-- Returns {1 when it holds messages but is not among the workers, so that nobody would ever take them over, how many it
-- holds, how many marks of attempts there are without their claim, how many fields are no claims}. A worker that is not
-- among them is mended by entering it as one whose lease is over.
local fields, strange = {}, 0
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do fields[field] = true end
local held, marks = redis.call('LLEN', KEYS[2]), {}
for field in pairs(fields) do
  local number = field:match('^(%d+):sent$')
  if field:find('^%d+$') then
    held = held + 1
  elseif not number then
    strange = strange + 1
  elseif not fields[number] then
    marks[#marks + 1] = field
  end
end
local is_orphaned = held > 0 and not redis.call('ZSCORE', KEYS[3], ARGV[1])
if ARGV[2] == '1' then
  if is_orphaned then redis.call('ZADD', KEYS[3], 0, ARGV[1]) end
  for _, field in ipairs(marks) do redis.call('HDEL', KEYS[1], field) end
end
return {is_orphaned and 1 or 0, held, #marks, strange}
