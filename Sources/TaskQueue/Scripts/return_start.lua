-- Takes back a start that was used up for a message that did not start.
-- KEYS: 1 rate
-- ARGV: 1 interval in microseconds, 2 burst
-- Returns 1, or 0 when there was none to take back.
local start = next_start(KEYS[1])
if start <= now_micros then return 0 end
start = math.max(now_micros, start - tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%.0f', start), 'PX', math.ceil((start - now_micros) / 1000) + 1000)
return 1
