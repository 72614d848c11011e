-- Takes back what start.lua has written and charged, since the message could not be handed over: the caller may ask again
-- at once. It follows limits.lua.
-- KEYS: 1 picture, 2 spent work, 3 what the client has asked for that number, 4 the client's named request,
--       5 verification, then the block of the limits
-- ARGV: 1 the verification's id, 2 the answer as it was stored, empty: there was none, 3 for how long the picture comes
--       back in milliseconds, 4 '1' when the verification's code was sent before, then the block of the limits
-- Returns 1, or 0 when another request has come meanwhile.
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
redis.call('DEL', KEYS[2])
redis.call('DEL', KEYS[4])
local charged_at = redis.call('HGET', KEYS[5], 'charged')
if charged_at then
  local sending = load_sending(6, 5)
  -- When nothing was to be sent, the address alone was charged.
  if refund(sending, tonumber(charged_at)) == 0 then
    local rest = moments_without(sending.address, tonumber(charged_at))
    if rest == '' then redis.call('DEL', KEYS[8]) else store(sending, 3, rest) end
  end
end
if redis.call('HGET', KEYS[3], 'id') ~= ARGV[1] then return 0 end
redis.call('HINCRBY', KEYS[3], 'sends', -1)
redis.call('HDEL', KEYS[3], 'resend_at')
if ARGV[4] ~= '1' then
  redis.call('HDEL', KEYS[3], 'id')
  redis.call('DEL', KEYS[5])
end
return 1
