-- Begins a verification, or sends the code of one again: takes the proof, charges the limits, writes the verification,
-- all in one step. It follows limits.lua.
-- KEYS: 1 picture, 2 spent work, 3 what the client has asked for that number, 4 the client's named request,
--       5-6 for `push`, then the block of the limits, then names to take over
-- ARGV: 1 prefix of the verifications' keys, 2 id for a new one, 3 its owner, 4 its code, 5 its copy,
--       6 a code's life, 7 its longest life, both in milliseconds, 8 most attempts,
--       9 '1' when there is an answer to the picture, 10-11 as what it may be stored,
--       12 spent work's life in milliseconds, 0: there is none, 13 pressure that the work is enough for,
--       14 proofs that were brought before, 15-16 as what the named request's fingerprint may be stored, empty: it has
--       no name, 17 for how long its name is remembered, 18 the verification whose code is to be sent again, empty: any,
--       19-20 for `push`, with a job for the new code, then the block of the limits
-- Returns {'started', id, expires in, resend after, copy, '1' when its code was sent before, what `push` says, what the
-- limits say}; without what they say, nothing is to be sent. Or one of {'repeated', id, expires in, resend after} of a
-- named request that was answered before, {'over'} when that verification has ended since, {'refused', 'gone' or 'wrong' of the picture, or 'work'}, {'ended'},
-- {'conflict'}, {'soon', retry after, id of what was begun}, {'limited', what the limits say, '1' when that is the
-- client's own doing}, {'more', what the limits say}.
local first_key, first_argument = 7, 21
take_over(first_key + BLOCK)
local now = time_now(ARGV[first_argument])
ARGV[first_argument] = digits(now)

local function record_of(id) return ARGV[1] .. id end

-- The same request once more: the same answer, and nothing is sent.
if ARGV[15] ~= '' then
  local known = redis.call('HMGET', KEYS[4], 'fingerprint', 'id')
  if known[1] and known[1] ~= ARGV[15] and known[1] ~= ARGV[16] then return {'conflict'} end
  if known[1] then
    local id, resend_at = known[2], tonumber(redis.call('HGET', KEYS[3], 'resend_at') or now)
    local life = redis.call('PTTL', record_of(id))
    if life <= 0 then return {'over'} end
    return {'repeated', id, life, math.max(0, resend_at - now)}
  end
end

-- The proof comes first: without it nothing is said about the number. The first look at a picture uses it up.
local has_picture = ARGV[9] == '1'
if has_picture then
  local answer = redis.call('GETDEL', KEYS[1])
  if not answer then return {'refused', 'gone'} end
  if answer ~= ARGV[10] and answer ~= ARGV[11] then return {'refused', 'wrong'} end
end
local has_work = ARGV[12] ~= '0'
if has_work and not redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[12]) then return {'refused', 'work'} end
-- Work alone, as people bring it who do not see the picture, counts as both where it is this much harder.
local INSTEAD_OF_PICTURE = 2
local proof = tonumber(ARGV[14])
if has_picture or has_work then proof = 1 end
if has_work then
  local pressure = tonumber(ARGV[13])
  if not has_picture and ARGV[14] == '0' then pressure = pressure - INSTEAD_OF_PICTURE end
  proof = math.max(proof, 1 + pressure)
end

local asked = redis.call('HMGET', KEYS[3], 'id', 'resend_at', 'sends')
local id, resend_at, sends = asked[1], tonumber(asked[2] or '0'), tonumber(asked[3] or '0')
if ARGV[18] ~= '' and id ~= ARGV[18] then return {'ended'} end
if resend_at > now then return {'soon', resend_at - now, id or ''} end

local sending = load_sending(first_key, first_argument)
local function wait_after_own(count) return RULES.waits[math.min(count, #RULES.waits)] or 0 end

-- The same code again, as long as it may live until another message would be due.
local known, rest = {}, 0
if id then
  known = redis.call('HMGET', record_of(id), 'created', 'attempts', 'copy', 'sends')
  if known[1] and tonumber(known[2]) < tonumber(ARGV[8]) then
    rest = math.min(tonumber(ARGV[6]), tonumber(known[1]) + tonumber(ARGV[7]) - now)
  end
end
local is_again = rest > 0 and rest >= wait_after_own(1)
if ARGV[18] ~= '' and not is_again then return {'ended'} end

-- What others have done to this number, and that it is blocked, is no business of the caller: it hears what it always
-- hears, and nothing is sent. The caller itself is charged all the same, so that its limits do not tell the difference.
local verdict = decide(sending, proof)
if verdict and verdict[1] == 'proof' then return {'more', verdict} end
if verdict then
  local limit = RULES.number[2 * verdict[2] - 3]
  local is_about_number = verdict[2] == 1 or limit
  local is_own = limit and sends >= limit
  if verdict[4] > 0 or not is_about_number or is_own then return {'limited', verdict, is_own and '1' or '0'} end
  verdict = nil
elseif not sending.is_blocked then
  verdict = charge(sending)
end
if not verdict then charge_caller(sending) end

-- By `last` a request that is withdrawn knows that it was the one.
local sent = {'charged', digits(now), 'last', sending.name, 'again', is_again and '1' or '0'}
if verdict then
  sent[7], sent[8] = 'sends', (is_again and known[4] and known[4] .. ' ' or '') .. sending.name
end
local copy, life = known[3], rest
if not is_again then
  id, copy, life = ARGV[2], ARGV[5], tonumber(ARGV[6])
  redis.call(
    'HSET', record_of(id), 'owner', ARGV[3], 'code', ARGV[4], 'copy', copy, 'created', now, 'attempts', 0, unpack(sent))
else
  redis.call('HSET', record_of(id), unpack(sent))
end
redis.call('PEXPIRE', record_of(id), life)
sends = sends + 1
local wait = wait_after_own(sends)
redis.call('HSET', KEYS[3], 'id', id, 'resend_at', digits(now + wait), 'sends', sends)
redis.call('PEXPIRE', KEYS[3], math.max(RULES.memory, tonumber(ARGV[7])))
if ARGV[15] ~= '' then
  redis.call('HSET', KEYS[4], 'fingerprint', ARGV[15], 'id', id)
  redis.call('PEXPIRE', KEYS[4], ARGV[17])
end
-- The same code again needs a job of its own, which the caller makes.
local pushed = is_again and '' or verdict and push(5, 19) or push_in_vain(5, 19)
return {'started', id, life, wait, copy, is_again and '1' or '0', pushed, verdict}
