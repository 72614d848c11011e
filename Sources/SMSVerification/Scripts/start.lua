-- Begins a verification, or sends the code of one again: takes the proof, charges the limits, writes the verification,
-- all in one step.
-- KEYS: 1 picture, 2 spent work, 3 what the client has asked for that number, 4 the client's named request,
--       5 present when the number is blocked, then those of the limits
-- ARGV: 1 now in milliseconds, empty: the server's time, 2 prefix of the verifications' keys, 3 id for a new one, 4 its owner, 5 its code, 6 its
--       copy of number and code,
--       7 a code's life, 8 its longest life, 9 first wait, 10 longest wait, all in milliseconds, 11 most attempts,
--       12 whether there is an answer to the picture, 13-14 as what it may be stored,
--       15 spent work's life in milliseconds, 0: there is none, 16 pressure that the work is enough for,
--       17 proofs that were brought before, 18 fingerprint of the named request, empty: it has no name, 19 for how long
--       its name is remembered, 20 the verification whose code is to be sent again, empty: any,
--       then those of the limits
-- Returns {'started', id, expires in, resend after, 1 when there is nothing to send, copy, 1 when its code was sent
-- before}, or one of {'refused'}, {'ended'}, {'conflict'}, {'soon', retry after}, {'limited', limit, retry after}, {'more', pressure}.
local function time_of_server()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local now = tonumber(ARGV[1]) or time_of_server()

local function record_of(id) return ARGV[2] .. id end

local function started(id, nothing_to_send, is_again)
  local resend_at = tonumber(redis.call('HGET', KEYS[3], 'resend_at') or '0')
  local copy = redis.call('HGET', record_of(id), 'copy') or ''
  local life = math.max(0, redis.call('PTTL', record_of(id)))
  return {'started', id, life, math.max(0, resend_at - now), nothing_to_send and 1 or 0, copy, is_again and 1 or 0}
end

-- The same request once more: the same answer, and nothing is sent.
if ARGV[18] ~= '' then
  local known = redis.call('HMGET', KEYS[4], 'fingerprint', 'id')
  if known[1] and known[1] ~= ARGV[18] then return {'conflict'} end
  if known[1] then return started(known[2], true, true) end
end

-- The proof comes first: without it nothing is said about the number. The first look at a picture uses it up.
local proofs = tonumber(ARGV[17])
if ARGV[12] == '1' then
  local answer = redis.call('GETDEL', KEYS[1])
  if not answer or (answer ~= ARGV[13] and answer ~= ARGV[14]) then return {'refused'} end
  proofs = proofs + 1
end
if ARGV[15] ~= '0' then
  if not redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[15]) then return {'refused'} end
  proofs = proofs + 1
end

local asked = redis.call('HMGET', KEYS[3], 'id', 'resend_at', 'sends')
local id, resend_at, sends = asked[1], tonumber(asked[2] or '0'), tonumber(asked[3] or '0')
if ARGV[20] ~= '' and id ~= ARGV[20] then return {'ended'} end
if resend_at > now then return {'soon', resend_at - now} end

-- The same code again, as long as it may live until another message would be due.
local rest = 0
if id then
  local known = redis.call('HMGET', record_of(id), 'created', 'attempts')
  if known[1] and tonumber(known[2]) < tonumber(ARGV[11]) then
    rest = math.min(tonumber(ARGV[7]), tonumber(known[1]) + tonumber(ARGV[8]) - now)
  end
end
local is_again = rest >= tonumber(ARGV[9])
if ARGV[20] ~= '' and not is_again then return {'ended'} end

-- What others have done to this number is no business of the caller: it hears what it always hears, and nothing is sent.
local is_silent = redis.call('EXISTS', KEYS[5]) == 1

if is_again then
  redis.call('PEXPIRE', record_of(id), rest)
else
  id = ARGV[3]
  redis.call('HSET', record_of(id), 'owner', ARGV[4], 'code', ARGV[5], 'copy', ARGV[6], 'created', now, 'attempts', 0)
  redis.call('PEXPIRE', record_of(id), ARGV[7])
end
local wait = math.min(tonumber(ARGV[9]) * 2 ^ math.min(sends, 20), tonumber(ARGV[10]))
redis.call('HSET', KEYS[3], 'id', id, 'resend_at', string.format('%.0f', now + wait), 'sends', sends + 1)
redis.call('PEXPIRE', KEYS[3], math.max(tonumber(ARGV[8]), 2 * tonumber(ARGV[10])))
if ARGV[18] ~= '' then
  redis.call('HSET', KEYS[4], 'fingerprint', ARGV[18], 'id', id)
  redis.call('PEXPIRE', KEYS[4], ARGV[19])
end
return started(id, is_silent, is_again)
