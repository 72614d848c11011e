-- The tutorial's checks in its order, flag, parameters, captcha, and then both writes, all in one step: of several
-- requests at the same moment for one number, or with one captcha, one gets through.
-- KEYS: 1 send-flag, 2 code, 3 captcha
-- ARGV: 1 the answer in upper case, empty: it is missing, 2 the code, 3 the flag's life in milliseconds, 4 the code's
-- Returns 'sent', 'too-frequent', 'missing', 'expired' or 'wrong'. The first look at a captcha uses it up.
if redis.call('EXISTS', KEYS[1]) == 1 then return 'too-frequent' end
if ARGV[1] == '' then return 'missing' end
local text = redis.call('GETDEL', KEYS[3])
if not text then return 'expired' end
if string.upper(text) ~= ARGV[1] then return 'wrong' end
redis.call('SET', KEYS[1], '1', 'PX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
return 'sent'
