-- Takes a gateway's report on a message. One on a message of which nothing is known yet, or not that the gateway was
-- called, waits for the worker to say what the gateway has answered. It follows deliveries.lua.
-- KEYS: 1 message that the report names by the job's id, 2 the job that the reference belongs to, 3-4 where a report
--       waits: by the job's id and by the reference
-- ARGV: 1 job's id, empty: not named, 2 reference, empty: none, 3 provider, 4 state, 5 code, 6 how long a report waits,
--       7 prefix of messages' keys, 8 prefix of days' keys
-- Returns {'new', milliseconds since it was accepted, -1: not known}, {'repeated'} when it says nothing new, or {'early'}.
local message = ARGV[1] ~= '' and KEYS[1]
if not message or redis.call('EXISTS', message) == 0 then
  local job = ARGV[2] ~= '' and redis.call('GET', KEYS[2])
  message = job and ARGV[7] .. job
end
local outcome = message and redis.call('EXISTS', message) == 1
  and apply_report(message, ARGV[8], ARGV[3], ARGV[2], ARGV[4], ARGV[5], time_now())
if outcome then return outcome end
for index = 1, 2 do
  if ARGV[index] ~= '' then
    local key = KEYS[index + 2]
    local known = string.match(redis.call('GET', key) or '', '^%S+')
    if not known or RANK[ARGV[4]] > RANK[known] then
      redis.call('SET', key, ARGV[4] .. ' ' .. ARGV[5], 'PX', ARGV[6])
    end
  end
end
return {'early'}
