-- What the scripts share that charge a message, take it back or resolve it: they begin with the limits in force, as a
-- table RULES, and with this part. A charge is decided against everything first, which writes nothing, and then written
-- everywhere.
--
-- Whom the limits are asked about is one block of keys and one of arguments, which begin where the script says:
-- KEYS: 1 the prefix' credit and counters, moments of 2 the number, 3 the address and 4 the session, counters of 5 the
--       country and 6 all, these with the budgets' accounts, 7 present when the number is blocked, 8 what the keys of
--       budgets' alarms begin with
-- ARGV: 1 now, or empty for the server's time, 2 the send's name, without spaces and semicolons, 3 its price, whether
--       there are 4 an address and 5 a session: 1 or 0, 6 whether credit counts: 1, or 0 where nobody tells which codes
--       came back, 7 whether the table blocks the number: 1 or 0
-- Behind its own keys and the block a script may be given names to take over.
-- RULES: waits, memory (how long they remember earlier sends);
--        number, address, session: for each limit its count and its period in turn;
--        number_kept, address_kept, session_kept: how many digits of moments these look at;
--        prefix, country, total: such lists too;
--        budgets: for each its ceiling, its period and its alarm in turn;
--        credit: start, floor, ceiling, widening, narrowing, multiple (of the window: refused), expiry;
--        life of all keys but those of alarms, a text, as SET takes it
-- All times are in milliseconds. Limits are told by their place: 1 the wait, then those of number, address, session,
-- prefix, country and all, then the credit window, then the budgets. What is not text is stored as MessagePack: a write costs
-- more than all else here, so there are few of them, and they are short.

-- So many keys are in the block.
local BLOCK = 8

-- So many steps of pressure has the range beyond the credit window.
local STEPS = 4

local function time_now(argument)
  local given = tonumber(argument)
  if given then return given end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- After a change of sealing keys, what is kept under the names that it gave goes on under those of today: from that key
-- on an old name and a new one in turn. A server that does not allow it lets the limits begin anew, and nothing worse.
local function take_over(key)
  for i = key, #KEYS, 2 do redis.pcall('RENAMENX', KEYS[i], KEYS[i + 1]) end
end

local function digits(time) return string.format('%013.0f', time) end

-- Moments: the times of the last sends, 13 digits each, the newest at the end.

local function moment(moments, k)
  if #moments >= 13 * k then return tonumber(string.sub(moments, -13 * k, -13 * k + 12)) end
end

local function moments_without(moments, time)
  for last = #moments, 13, -13 do
    if string.sub(moments, last - 12, last) == digits(time) then
      return string.sub(moments, 1, last - 13) .. string.sub(moments, last + 1)
    end
  end
  return moments
end

-- How long the wait after the newest moment goes on: it depends on how many there were in the time remembered.
local function wait_after(moments, now)
  local run = 0
  while run < #RULES.waits do
    local earlier = moment(moments, run + 1)
    if not earlier or earlier <= now - RULES.memory then break end
    run = run + 1
  end
  return run > 0 and moment(moments, 1) + RULES.waits[run] - now or 0
end

-- How long until the send that was so many sends ago has left the period.
local function wait_of_limit(moments, count, period, now)
  local earlier = moment(moments, count)
  return earlier and earlier + period - now or 0
end

-- Counters, and the accounts of budgets, are lists: for each limit its period, the number of the current one, counted from
-- 1970, how much there is in it, and how much there was in the one before.

-- Where the counter of that period is in its list, as it is now.
local function counter_at(counters, period, now)
  local place, number = 1, (now - now % period) / period
  while counters[place] and counters[place] ~= period do place = place + 4 end
  local last = counters[place + 1] or 0
  if last < number then
    local previous = last == number - 1 and counters[place + 2] or 0
    counters[place], counters[place + 1], counters[place + 2], counters[place + 3] = period, number, 0, previous
  end
  return place
end

-- How long until one more send is within a limit. How many sends there were in the time of one period up to now is
-- estimated: those of this period, and those of the one before as if they had come evenly, as far as that reaches back.
local function wait_of_counter(counters, limit, period, now)
  local place = counter_at(counters, period, now)
  local current, previous = counters[place + 2], counters[place + 3]
  local rest, room = period - now % period, limit - 1 - current
  if room < 0 then return rest + period - math.floor((limit - 1) * period / current) end
  if previous * rest <= room * period then return 0 end
  return rest - math.floor(room * period / previous)
end

local function count(counters, limits, now)
  for i = 2, #limits, 2 do
    local place = counter_at(counters, limits[i], now)
    counters[place + 2] = counters[place + 2] + 1
  end
end

-- Takes back what was counted at that time; what has left both periods is forgotten already. True when nothing is left.
local function uncount(counters, time, amount)
  local sum = 0
  for place = 1, #counters, 4 do
    local ago = counters[place + 1] - math.floor(time / counters[place])
    if ago == 0 or ago == 1 then counters[place + 2 + ago] = math.max(0, counters[place + 2 + ago] - amount) end
    sum = sum + counters[place + 2] + counters[place + 3]
  end
  return sum == 0
end

-- Credit: the window, how many sends are unresolved, and of each when it expires and its name, the oldest first; with it
-- the prefix' counters.

-- The credit as it is when the sends were noticed that have expired.
local function credit_at(text, now)
  local rules = RULES.credit
  local window, open, sends, counters = rules.start, 0, '', {}
  if text then window, open, sends, counters = cmsgpack.unpack(text) end
  window = math.min(math.max(window, rules.floor), rules.ceiling)
  local first = 1
  while open > 0 and tonumber(string.sub(sends, first, first + 12)) <= now do
    window, open = math.max(window - rules.narrowing, rules.floor), open - 1
    first = string.find(sends, ';', first, true) + 1
  end
  if first > 1 then sends = string.sub(sends, first) end
  return {window = window, open = open, sends = sends, counters = counters}
end

local function credit_text(credit)
  return cmsgpack.pack(credit.window, credit.open, credit.sends, credit.counters)
end

-- Removes a send from those that are unresolved; false when it is not among them.
local function remove_send(credit, name)
  local space, last = string.find(credit.sends, ' ' .. name .. ';', 1, true)
  if not space then return false end
  credit.sends = string.sub(credit.sends, 1, space - 14) .. string.sub(credit.sends, last + 1)
  credit.open = credit.open - 1
  return true
end

-- How long until there is room for one more.
local function wait_of_credit(credit, most, now)
  local too_many = credit.open - most + 1
  if too_many <= 0 then return 0 end
  for expiry in string.gmatch(credit.sends, '(%d+) [^;]*;') do
    too_many = too_many - 1
    if too_many == 0 then return tonumber(expiry) - now end
  end
  return 0
end

-- The code of these sends came back: they are resolved, and the window grows. Returns how many were unresolved.
local function resolve_sends(key, now, names)
  local credit = credit_at(redis.call('GET', key), now)
  local resolved = 0
  for _, name in ipairs(names) do
    if remove_send(credit, name) then resolved = resolved + 1 end
  end
  if resolved == 0 then return 0 end
  credit.window = math.min(credit.window + RULES.credit.widening, RULES.credit.ceiling)
  redis.call('SET', key, credit_text(credit), 'PX', RULES.life)
  return resolved
end

-- The block, with all that is stored about its subjects.
local function load_sending(key, argument)
  local now = time_now(ARGV[argument])
  local stored = redis.call('MGET', unpack(KEYS, key, key + 6))
  local country, total, accounts = {}, {}, {}
  if stored[5] then country = cmsgpack.unpack(stored[5]) end
  if stored[6] then total, accounts = cmsgpack.unpack(stored[6]) end
  return {
    key = key, now = now, name = ARGV[argument + 1], price = tonumber(ARGV[argument + 2]),
    has_address = ARGV[argument + 3] == '1', has_session = ARGV[argument + 4] == '1',
    has_credit = ARGV[argument + 5] == '1', is_blocked = stored[7] and true or ARGV[argument + 6] == '1',
    credit = credit_at(stored[1], now), number = stored[2] or '', address = stored[3] or '',
    session = stored[4] or '', country = country, total = total, accounts = accounts,
  }
end

-- Writes the text at that place of the block.
local function store(sending, place, text) redis.call('SET', KEYS[sending.key + place - 1], text, 'PX', RULES.life) end

-- Why the message may not be sent, or nil. First those limits that are not about the number, then the proof, then those
-- of the number: so what is said of them does not tell what became of it. Of several limits the one counts that lasts
-- longest. `proof`: 0 none, 1 one proof, 1 + n both at pressure n.
-- Returns {'refused', limit, retry after, how much of that the address and the session have brought about themselves}
-- or {'proof', what is wanted}.
local function decide(sending, proof)
  local now, place, longest, reason = sending.now, 0, 0, 0
  local function hold(wait)
    place = place + 1
    if wait > longest then longest, reason = wait, place end
  end
  local own = 0
  local function hold_own(moments, limits)
    for i = 1, #limits, 2 do
      local wait = wait_of_limit(moments, limits[i], limits[i + 1], now)
      own = math.max(own, wait)
      hold(wait)
    end
  end
  local function hold_counters(counters, limits)
    for i = 1, #limits, 2 do hold(wait_of_counter(counters, limits[i], limits[i + 1], now)) end
  end

  hold(wait_after(sending.number, now))
  local number, budgets = RULES.number, RULES.budgets
  for i = 1, #number, 2 do hold(wait_of_limit(sending.number, number[i], number[i + 1], now)) end
  local of_number = {'refused', reason, longest, 0}
  longest, reason = 0, 0
  hold_own(sending.address, RULES.address)
  hold_own(sending.session, RULES.session)
  hold_counters(sending.credit.counters, RULES.prefix)
  hold_counters(sending.country, RULES.country)
  hold_counters(sending.total, RULES.total)
  local window, open = sending.credit.window, sending.credit.open
  local most = window * RULES.credit.multiple
  hold(sending.has_credit and wait_of_credit(sending.credit, most, now) or 0)
  for i = 1, #budgets, 3 do
    local ceiling, period, accounts = budgets[i], budgets[i + 1], sending.accounts
    local is_over = accounts[counter_at(accounts, period, now) + 2] + sending.price > ceiling
    hold(is_over and period - now % period or 0)
  end

  if reason > 0 then return {'refused', reason, longest, own} end
  local wanted = 1
  if sending.has_credit and open >= window then wanted = 2 + math.floor((open - window) * STEPS / (most - window)) end
  if proof < wanted then return {'proof', wanted} end
  if of_number[2] > 0 then return of_number end
end

-- Spends the price. Returns the budgets whose alarm rings: once in a period, also when some of it is taken back meanwhile.
local function spend(sending)
  local accounts, budgets, ringing = sending.accounts, RULES.budgets, {}
  for i = 1, #budgets, 3 do
    local period, alarm = budgets[i + 1], budgets[i + 2]
    local place = counter_at(accounts, period, sending.now)
    accounts[place + 2] = accounts[place + 2] + sending.price
    if accounts[place + 2] >= alarm then
      local key = KEYS[sending.key + 5] .. period .. ':' .. accounts[place + 1]
      if redis.call('SET', key, '1', 'NX', 'PX', period) then ringing[#ringing + 1] = (i + 2) / 3 end
    end
  end
  return ringing
end

-- The part of a charge that the caller may be told of. An address or a session that there is not has no moments.
local function charge_caller(sending)
  local stamp = digits(sending.now)
  if RULES.address_kept > 0 and sending.has_address then
    store(sending, 3, string.sub(sending.address .. stamp, -RULES.address_kept))
  end
  if RULES.session_kept > 0 and sending.has_session then
    store(sending, 4, string.sub(sending.session .. stamp, -RULES.session_kept))
  end
end

-- Writes what was decided. Returns {'charged', now, when the number may be sent to again, budget whose alarm rings, ...}.
local function charge(sending)
  local now, credit, stamp = sending.now, sending.credit, digits(sending.now)
  if sending.has_credit then
    credit.open = credit.open + 1
    credit.sends = credit.sends .. digits(now + RULES.credit.expiry) .. ' ' .. sending.name .. ';'
  end
  count(credit.counters, RULES.prefix, now)
  store(sending, 1, credit_text(credit))
  local moments = string.sub(sending.number .. stamp, -RULES.number_kept)
  if RULES.number_kept > 0 then store(sending, 2, moments) end
  charge_caller(sending)
  count(sending.country, RULES.country, now)
  if #RULES.country > 0 then store(sending, 5, cmsgpack.pack(sending.country)) end
  count(sending.total, RULES.total, now)
  local ringing = spend(sending)
  store(sending, 6, cmsgpack.pack(sending.total, sending.accounts))

  local again, number = wait_after(moments, now), RULES.number
  for i = 1, #number, 2 do again = math.max(again, wait_of_limit(moments, number[i], number[i + 1], now)) end
  return {'charged', now, again, unpack(ringing)}
end

-- Puts a job on its queue, where the broker is a database of this server: the script's last step, since what follows would
-- be done in that database. Returns '1', or '' when that is left to the caller, as also when the server refuses it.
-- KEYS: from `key` on, the queue's list and its counters; ARGV: from `argument` on, its database, empty: it is another
-- server's, and the message.
local function push(key, argument)
  if ARGV[argument] == '' then return '' end
  local selected = redis.pcall('SELECT', ARGV[argument])
  if selected.err then return '' end
  local pushed = redis.pcall('LPUSH', KEYS[key], ARGV[argument + 1])
  if type(pushed) == 'table' then return '' end
  redis.pcall('HINCRBY', KEYS[key + 1], 'enqueued', 1)
  return '1'
end

-- What `push` would return, for a number that is sent nothing: nobody is to see the difference.
local function push_in_vain(key, argument)
  if ARGV[argument] == '' or redis.pcall('SELECT', ARGV[argument]).err then return '' end
  local kind = redis.pcall('TYPE', KEYS[key]).ok
  return (kind == 'none' or kind == 'list') and '1' or ''
end

-- So many of the newest jobs are looked at for one that is to be taken back.
local NEWEST = 10000

-- Takes the job that `push` has put on its queue off it again, and returns to the store's database. False when a worker
-- has it already.
local function take_off(key, argument, own_database)
  redis.call('SELECT', ARGV[argument])
  local is_there = redis.call('LPOS', KEYS[key], ARGV[argument + 1], 'MAXLEN', NEWEST)
  if is_there then
    redis.call('LREM', KEYS[key], 1, ARGV[argument + 1])
    redis.call('HINCRBY', KEYS[key + 1], 'enqueued', -1)
  end
  redis.call('SELECT', own_database)
  return is_there
end

-- Writes what is left at that place of the block after something was taken back.
local function restore(sending, place, text, is_empty)
  if is_empty then redis.call('DEL', KEYS[sending.key + place - 1]) else store(sending, place, text) end
end

local function restore_moments(sending, place, moments, time)
  local rest = moments_without(moments, time)
  restore(sending, place, rest, rest == '')
end

-- Takes back what `charge_caller` has charged at that moment.
local function refund_caller(sending, time)
  if sending.has_address then restore_moments(sending, 3, sending.address, time) end
  if sending.has_session then restore_moments(sending, 4, sending.session, time) end
end

-- Takes back what was charged at that moment, once, and only while the send is unresolved. Returns 1, or 0.
local function refund(sending, time)
  local credit = sending.credit
  if sending.has_credit and not remove_send(credit, sending.name) then return 0 end
  local is_unused = uncount(credit.counters, time, 1) and credit.open == 0 and credit.window == RULES.credit.start
  restore(sending, 1, credit_text(credit), is_unused)
  restore_moments(sending, 2, sending.number, time)
  refund_caller(sending, time)
  local is_country_empty = uncount(sending.country, time, 1)
  restore(sending, 5, cmsgpack.pack(sending.country), is_country_empty)
  local is_total_empty, is_unspent = uncount(sending.total, time, 1), uncount(sending.accounts, time, sending.price)
  restore(sending, 6, cmsgpack.pack(sending.total, sending.accounts), is_total_empty and is_unspent)
  return 1
end
