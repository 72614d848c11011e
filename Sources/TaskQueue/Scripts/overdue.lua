-- Which workers' leases have run out.
-- KEYS: 1 workers
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)
