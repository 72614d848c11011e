-- Takes back what one run of start.lua has written and charged, since its message could not be handed over: the caller may
-- ask again at once. A run that has begun nothing, or whose reply was lost before it had, leaves nothing to take back. It
-- follows limits.lua.
-- KEYS: 1 picture, 2 spent work, 3 what the client has asked for that number, 4 the client's named request, 5-6 as `push`
--       had them, then the block of the limits
-- ARGV: 1 prefix of the verifications' keys, 2 the answer as it was stored, empty: there was none, 3 for how long the
--       picture comes back in milliseconds, 4-5 as `push` had them, the first empty when it has put nothing on the queue,
--       6 the store's database, then the block of the limits
-- Returns 1, or 0 when that run has begun nothing, another request has come meanwhile, or its message goes out.
local first_key, first_argument = 7, 7
local id = redis.call('HGET', KEYS[3], 'id')
if not id then return 0 end
local record = ARGV[1] .. id
local known = redis.call('HMGET', record, 'last', 'charged', 'again', 'sends')
local sending = load_sending(first_key, first_argument)
if known[1] ~= sending.name then return 0 end
-- What a worker has already is sent and stays charged: who asks again hears of this verification.
local is_on_queue = ARGV[4] ~= '' and known[3] ~= '1' and known[4]
if is_on_queue and not take_off(5, 4, ARGV[6]) then return 0 end

if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
redis.call('DEL', KEYS[2])
redis.call('DEL', KEYS[4])
local charged_at = tonumber(known[2])
-- When nothing was to be sent, the caller alone was charged.
if refund(sending, charged_at) == 0 then refund_caller(sending, charged_at) end
redis.call('HINCRBY', KEYS[3], 'sends', -1)
redis.call('HDEL', KEYS[3], 'resend_at')
if known[3] == '1' then
  -- The message before it is the last one again.
  local sends = string.match(known[4] or '', '^(.*) [^ ]*$')
  if sends and string.sub(known[4], #sends + 2) == sending.name then
    redis.call('HSET', record, 'sends', sends, 'last', string.match(sends, '[^ ]*$'))
  else
    redis.call('HDEL', record, 'last')
  end
else
  redis.call('HDEL', KEYS[3], 'id')
  redis.call('DEL', record)
end
return 1
