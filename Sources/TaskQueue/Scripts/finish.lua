-- Ends a claim and puts what follows the task on its lists, in one step: nothing follows twice.
-- KEYS: 1 claimed, 2 statistics, then one list for each message that follows
-- ARGV: 1 claim number, 2 counter, then the messages
-- Returns 1, 0 when the message was no longer the worker's own, or -1 when nothing was done, since something would have
-- to follow on a key that is no list.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
if not are_lists(KEYS, 3) then return -1 end
for i = 3, #ARGV do redis.call('LPUSH', KEYS[i], ARGV[i]) end
end_claim(KEYS[1], ARGV[1])
redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
return 1
