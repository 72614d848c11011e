-- Every script begins with this part.

-- The server's clock in milliseconds: the only clock that all workers share.
local function now_milliseconds()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

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
  return lease and tonumber(lease) > now_milliseconds()
end

-- Moves what had come to a worker, and was never numbered, back to the head of the line in the old order.
local function give_back_arriving(lists, arriving)
  local message = redis.call('LPOP', arriving)
  while message do
    put_at_head(lists, message)
    message = redis.call('LPOP', arriving)
  end
end
