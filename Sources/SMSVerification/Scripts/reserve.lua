-- The tutorial's checks in its order, flag, parameters, captcha; then the limits and both writes, all in one step: of
-- several requests at the same moment for one number, or with one captcha, one gets through. It follows limits.lua.
-- KEYS: 1 send-flag, 2 code, 3 captcha, 4-5 for `push`, then the block of the limits
-- ARGV: 1 the answer in upper case, empty: it is missing, 2 the code, 3 the flag's life in milliseconds, 4 the code's,
--       5-6 for `push`, then the block of the limits
-- Returns {'sent', what the limits say, what `push` says}, {'silent', the same}: nothing is to be sent, nobody is to
-- learn of it, and the caller alone was charged, {'too-frequent'}, {'limited', what the limits say}, {'missing'},
-- {'expired'} or {'wrong'}. The first look at a captcha uses it up.
if redis.call('EXISTS', KEYS[1]) == 1 then return {'too-frequent'} end
if ARGV[1] == '' then return {'missing'} end
local text = redis.call('GETDEL', KEYS[3])
if not text then return {'expired'} end
if string.upper(text) ~= ARGV[1] then return {'wrong'} end
local sending = load_sending(6, 7)
local verdict = decide(sending, 1)
if verdict then return {'limited', verdict} end
redis.call('SET', KEYS[1], '1', 'PX', ARGV[3])
if sending.is_blocked then
  charge_caller(sending)
  return {'silent', {'charged', sending.now, sending.now}, push_in_vain(4, 5)}
end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
local verdict_of_charge = charge(sending)
return {'sent', verdict_of_charge, push(4, 5)}
