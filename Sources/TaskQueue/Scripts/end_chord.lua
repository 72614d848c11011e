-- The chord's body was sent: its parts are forgotten, late ones count no more.
-- KEYS: 1 results of the parts (.j), 2 additional total (.t), 3 total (.s), 4 counted parts (.d), 5 who completes it (.c)
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
redis.call('SET', KEYS[5], 'done', 'EX', 300)
return 1
