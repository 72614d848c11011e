-- Begins or prolongs a worker's lease.
-- KEYS: 1 workers
-- ARGV: 1 worker, 2 how long in milliseconds
-- Returns the server's time in milliseconds.
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return now
