-- Takes several starts of a rate at once, for a worker that gives them out itself.
-- KEYS: 1 rate
-- ARGV: 1 interval in microseconds, 2 burst, 3 how many at most
-- Returns {how many were taken, how long until the next one in microseconds}.
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local taken = use_starts(KEYS[1], interval, burst, tonumber(ARGV[3]))
return {taken, math.ceil(wait_for_start(KEYS[1], interval, burst))}
