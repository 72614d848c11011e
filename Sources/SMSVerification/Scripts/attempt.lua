-- Notes what a gateway said to one call for a message, and what it had reported before that was noted. It follows
-- deliveries.lua.
-- KEYS: 1 message, 2 provider's day, 3 present when a gateway took a message lately, 4 report that came before by the
--       job's id; with a reference also 5 the same by the reference, 6 the job that the reference belongs to
-- ARGV: 1 job's id, 2 provider, 3 its reference, empty: none, 4 state, empty: certainly not sent, 5 reason, 6 '1' when that
--       is private, 7 prefix, 8 country, 9 day, 10 how long the call took, 11 a message's life, 12 prefix of days' keys,
--       13 '1' when the gateway was called, and is not only known to say so
-- Returns what each report that came before has brought, as report.lua returns it.
local now, message, state = time_now(), KEYS[1], ARGV[4]
if ARGV[13] == '1' then count(KEYS[2], ARGV[7], 'tried', 1) end
if state == 'accepted' then
  count(KEYS[2], ARGV[7], 'accepted', 1)
  if ARGV[13] == '1' then count(KEYS[2], ARGV[7], 'accept_ms', tonumber(ARGV[10])) end
  redis.call('SET', KEYS[3], digits(now), 'EX', '86400')
end
if state == '' then return {} end

local has_reference = ARGV[3] ~= ''
local before = redis.call('HMGET', message, 'provider', 'reference', 'state')
-- The job had been given up before a provider had answered, and was put back.
if not before[1] and before[3] == 'failed' then redis.call('DEL', message) end
local is_other_provider = before[1] ~= ARGV[2]
local is_other_message = is_other_provider or ARGV[13] == '1' and has_reference and before[2] ~= ARGV[3]
redis.call(
  'HSET', message, 'provider', ARGV[2], 'prefix', ARGV[7], 'country', ARGV[8], 'day', ARGV[9], 'by:' .. ARGV[2], '1')
-- A call without an answer is no reason to forget what the provider called the message of the one before.
if has_reference or is_other_provider then redis.call('HSET', message, 'reference', ARGV[3]) end
if is_other_message then redis.call('HDEL', message, 'failed_on') end
if rise(message, state, now, is_other_message) then
  redis.call('HSET', message, 'reason', ARGV[5], 'private', ARGV[6])
end
redis.call('PEXPIRE', message, ARGV[11])
local outcomes = {}
if has_reference then redis.call('SET', KEYS[6], ARGV[1], 'PX', ARGV[11]) end
for index = 4, has_reference and 5 or 4 do
  local early = redis.call('GETDEL', KEYS[index])
  if early then
    local told, code = string.match(early, '^(%S+) ?(.*)$')
    local outcome = apply_report(message, ARGV[12], ARGV[2], ARGV[3], told, code, now)
    outcomes[#outcomes + 1] = {told, unpack(outcome)}
  end
end
return outcomes
