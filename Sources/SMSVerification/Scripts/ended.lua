-- Notes that the job of a message has ended without a provider's answer, and what providers had reported before that was
-- noted. It follows deliveries.lua.
-- KEYS: 1 message, 2 and on: report that came before by the job's id, one of each provider
-- ARGV: 1 state, 2 why, 3 a message's life, 4 prefix of days' keys, 5 and on: the providers, in the order of the keys
-- Returns what each report that came before has brought, as report.lua returns it, behind its provider and its state.
local message, now = KEYS[1], time_now()
local known = redis.call('HMGET', message, 'provider', 'state')
-- A provider has said more, by its answer or by a report.
if known[1] or known[2] == 'accepted' or known[2] == 'delivered' then return {} end
-- Once unknown, no end makes it certain that it was not sent; what makes it failed then is a report. One that had been
-- given up unsent, and was put back, has begun anew.
local is_unsure = redis.call('HEXISTS', message, 'unknown') == 1
if known[2] == 'failed' and ARGV[1] == 'unknown' and not is_unsure then redis.call('DEL', message) end
if not is_unsure and rise(message, ARGV[1], now) then redis.call('HSET', message, 'reason', ARGV[2]) end
redis.call('PEXPIRE', message, ARGV[3])
local outcomes = {}
for index = 2, #KEYS do
  local early = redis.call('GETDEL', KEYS[index])
  if early then
    local provider = ARGV[index + 3]
    local told, code = string.match(early, '^(%S+) ?(.*)$')
    local outcome = apply_report(message, ARGV[4], provider, '', told, code, now)
    outcomes[#outcomes + 1] = {provider, told, unpack(outcome)}
  end
end
return outcomes
