-- Takes one message from a worker whose lease has run out and puts it, in its new form, at the head of its line.
-- KEYS: 1-4 waiting lists, 5 claimed, 6 workers, 7 statistics
-- ARGV: 1 the dead worker, 2 claim number, 3 message
-- Returns 1, or 0 when the worker lives again or the claim is gone.
local lists = {KEYS[1], KEYS[2], KEYS[3], KEYS[4]}
if has_lease(KEYS[6], ARGV[1]) then return 0 end
if redis.call('HEXISTS', KEYS[5], ARGV[2]) == 0 then return 0 end
put_at_head(lists, ARGV[3])
end_claim(KEYS[5], ARGV[2])
redis.call('HINCRBY', KEYS[7], 'redelivered', 1)
return 1
