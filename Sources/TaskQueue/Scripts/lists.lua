-- Every script begins with this part.

-- The server's clock, the only one that all workers share: in microseconds, and in milliseconds.
local time = redis.call('TIME')
local now_micros = tonumber(time[1]) * 1000000 + tonumber(time[2])
local now = math.floor(now_micros / 1000)

-- Which of the four waiting lists a message belongs to, as an index of `lists`. A message that cannot be read goes to
-- the first one: whoever takes it next will bury it.
local function band_of(message)
  local ok, envelope = pcall(cjson.decode, message)
  local properties = ok and type(envelope) == 'table' and envelope.properties
  local priority = type(properties) == 'table' and tonumber(properties.priority) or 0
  if priority >= 9 then return 4 end
  if priority >= 6 then return 3 end
  if priority >= 3 then return 2 end
  return 1
end

-- Puts a message at the head of its line: it is the next to be taken.
local function put_at_head(lists, message)
  redis.call('RPUSH', lists[band_of(message)], message)
end

-- True while the worker may act on what it has claimed.
local function has_lease(workers, worker)
  local lease = redis.call('ZSCORE', workers, worker)
  return lease and tonumber(lease) > now
end

-- Moves what had come to a worker, and was never numbered, back to the head of the line in the old order.
local function give_back_arriving(lists, arriving)
  local message = redis.call('LINDEX', arriving, 0)
  while message do
    put_at_head(lists, message)
    redis.call('LPOP', arriving)
    message = redis.call('LINDEX', arriving, 0)
  end
end

-- Ends a claim; false when it is gone. As everywhere here, what has to be written elsewhere was written before: a step
-- that fails in the middle then leaves a message in two places rather than in none.
local function end_claim(claimed, number)
  if redis.call('HDEL', claimed, number) == 0 then return false end
  redis.call('HDEL', claimed, number .. ':sent')
  return true
end

-- A rate limit is kept as the time, in microseconds, when the next start would be due if all came evenly (the generic
-- cell rate algorithm): `interval` lies between two starts, and up to `burst` of them may come at once.
local function next_start(rate)
  return math.max(tonumber(redis.call('GET', rate) or '0'), now_micros)
end

-- How long it takes, in microseconds, until a start is allowed; 0: now. An interval of 0 means no limit.
local function wait_for_start(rate, interval, burst)
  if interval == 0 then return 0 end
  return math.max(0, next_start(rate) - (burst - 1) * interval - now_micros)
end

-- Uses up to so many starts. Returns how many were allowed.
local function use_starts(rate, interval, burst, wanted)
  if interval == 0 or wanted <= 0 then return wanted end
  local start = next_start(rate)
  local allowed = math.floor((now_micros + (burst - 1) * interval - start) / interval) + 1
  local used = math.max(0, math.min(wanted, allowed))
  if used > 0 then
    start = start + used * interval
    redis.call('SET', rate, string.format('%.0f', start), 'PX', math.ceil((start - now_micros) / 1000) + 1000)
  end
  return used
end

-- Drops dead letters that are too old or too many, the oldest first, at most a hundred at a time, and counts them.
local function drop_surplus_letters(dead, messages, details, statistics, most, age)
  local surplus = redis.call('ZRANGEBYSCORE', dead, '-inf', now - age, 'LIMIT', 0, 100)
  local too_many = redis.call('ZCARD', dead) - #surplus - most
  if too_many > 0 then surplus = redis.call('ZRANGE', dead, 0, math.min(#surplus + too_many, 100) - 1) end
  for _, id in ipairs(surplus) do
    redis.call('ZREM', dead, id)
    redis.call('HDEL', messages, id)
    redis.call('HDEL', details, id)
  end
  if #surplus > 0 then redis.call('HINCRBY', statistics, 'dead_dropped', #surplus) end
end

-- False when one of the keys, from that one on, holds something else than a list: a push there would end a step in the
-- middle.
local function are_lists(keys, first)
  for i = first, #keys do
    local kind = redis.call('TYPE', keys[i]).ok
    if kind ~= 'none' and kind ~= 'list' then return false end
  end
  return true
end
