-- Keeps what a picture shows, unless its client's address was given too many in the last minute.
-- KEYS: 1 picture, 2 how many the address was given
-- ARGV: 1 the answer as it is stored, 2 its life in milliseconds, 3 how many an address is given in a minute, 0: any
-- Returns 0, or after how many milliseconds the address is given one again.
if ARGV[3] ~= '0' then
  local count = redis.call('INCR', KEYS[2])
  if count == 1 then redis.call('PEXPIRE', KEYS[2], 60000) end
  if count > tonumber(ARGV[3]) then return math.max(1, redis.call('PTTL', KEYS[2])) end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 0
