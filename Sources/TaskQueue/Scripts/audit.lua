-- Appends an entry to the audit log, if the log still ends where the entry's writer believes.
-- KEYS: 1 audit log
-- ARGV: 1 the number that was given last, as the writer knows it, 2 the entry's number, then its fields and their values
-- Returns {} when it is appended; or the number that was given last, the hash of the last entry, empty: there is none, and
-- the time in milliseconds. Numbers of entries are texts here: as Lua's numbers large ones would not be exact.
local last, hash = '0', ''
if redis.call('EXISTS', KEYS[1]) == 1 then
  local about = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' then last = string.match(about[i + 1], '^%d+') end
    if about[i] == 'last-entry' and about[i + 1] then
      local fields = about[i + 1][2]
      for j = 1, #fields, 2 do
        if fields[j] == 'hash' then hash = fields[j + 1] end
      end
    end
  end
end
if ARGV[1] ~= last then
  local time = redis.call('TIME')
  return {last, hash, time[1] * 1000 + math.floor(time[2] / 1000)}
end
redis.call('XADD', KEYS[1], ARGV[2] .. '-0', unpack(ARGV, 3))
return {}
