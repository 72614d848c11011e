-- How much of the limits of countries and of all messages is in use, and of prefixes' credit. It follows limits.lua and
-- writes nothing.
-- KEYS: 1 the counters of all messages, then those of countries, then credits of prefixes
-- ARGV: 1 now, or empty for the server's time, 2 how many countries
-- Returns for all messages and for each country how many there are in each of its limits, then for each prefix how many
-- sends are unresolved and its window.
local now, countries, reply = time_now(ARGV[1]), tonumber(ARGV[2]), {}

-- As many as the limit sees: of the period before, what the present time still reaches back to.
local function counts(stored, limits)
  local counters, found = stored and cmsgpack.unpack(stored) or {}, {}
  for i = 2, #limits, 2 do
    local period = limits[i]
    local place = counter_at(counters, period, now)
    local before = math.floor(counters[place + 3] * (period - now % period) / period)
    found[#found + 1] = counters[place + 2] + before
  end
  return found
end

for i, stored in ipairs(redis.call('MGET', unpack(KEYS))) do
  if i <= countries + 1 then
    reply[i] = counts(stored, i == 1 and RULES.total or RULES.country)
  else
    local credit = credit_at(stored, now)
    reply[i] = {credit.open, credit.window}
  end
end
return reply
