-- What the scripts share that say what became of a message: they begin with a table RANK, which tells how high each
-- state is, and with this part. All times are in milliseconds.
--
-- A message is a hash: its state, when it reached each state, the provider that was called last and its reference for
-- the message, `by:<provider>` for each that may have carried it, the number's prefix and country, the day, why it
-- failed, private when that is no business of the caller, and in which provider's day a report of its failure is
-- counted. Of one whose job has ended without any provider's answer there are the state and the reason alone.
-- A provider's day is a hash of counters, named by prefix and what is counted.

-- How long a provider's day is kept.
local LIFE_OF_DAY = '691200000'

local function time_now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function digits(time) return string.format('%.0f', time) end

local function count(day, prefix, name, amount)
  redis.call('HINCRBY', day, prefix .. ':' .. name, digits(amount))
  redis.call('PEXPIRE', day, LIFE_OF_DAY, 'NX')
end

-- Lets the state of a message rise; false when it stays where it is. `is_other`: it was sent once more, by another
-- gateway or by the same, so that its acceptance counts after the failure of the one before.
local function rise(message, state, now, is_other)
  local known = redis.call('HGET', message, 'state')
  local is_taken_after_all = is_other and state == 'accepted' and known == 'failed'
  if known and RANK[state] <= RANK[known] and not is_taken_after_all then return false end
  redis.call('HSET', message, 'state', state, state, digits(now))
  return true
end

-- A provider's report on a message that is known; `reference`: the provider's, empty when the report has none. Returns
-- {'new', milliseconds since it was accepted, -1: not known}, {'repeated'} when it says nothing new, or nil when the
-- message is not that provider's, as far as is known.
local function apply_report(message, days, provider, reference, state, code, now)
  local known = redis.call(
    'HMGET', message, 'provider', 'reference', 'by:' .. provider, 'prefix', 'day', 'accepted', 'failed_on')
  if known[1] and known[1] ~= provider and not known[3] then return nil end
  local is_of_last =
    known[1] == provider and (reference == '' or known[2] == '' or reference == known[2])
  -- That the call before came to nothing says nothing of the one that followed; that it has arrived is enough.
  if known[1] and not is_of_last and state == 'failed' then return {'repeated'} end
  if known[2] == '' and is_of_last and reference ~= '' then redis.call('HSET', message, 'reference', reference) end
  if not rise(message, state, now) then return {'repeated'} end
  if state == 'failed' then redis.call('HSET', message, 'reason', code) end
  if state == 'accepted' or not known[1] then return {'new', -1} end
  local day = days .. provider .. ':' .. known[5]
  count(day, known[4], state, 1)
  -- Of a message that has arrived after all, the failure that was reported first is no longer counted.
  if state == 'failed' then
    redis.call('HSET', message, 'failed_on', day)
  elseif known[7] then
    count(known[7], known[4], 'failed', -1)
    redis.call('HDEL', message, 'failed_on')
  end
  local accepted = tonumber(known[6])
  if not accepted or not is_of_last then return {'new', -1} end
  if state == 'delivered' then count(day, known[4], 'delivery_ms', now - accepted) end
  return {'new', now - accepted}
end
