-- Takes the send-flag of a number and writes its code, both or none. Of several at the same moment, one gets it.
-- KEYS: 1 send-flag, 2 code
-- ARGV: 1 the flag's life in milliseconds, 2 the code, 3 the code's life in milliseconds
-- Returns 1, or 0 when the flag is set already.
if not redis.call('SET', KEYS[1], '1', 'PX', ARGV[1], 'NX') then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1
