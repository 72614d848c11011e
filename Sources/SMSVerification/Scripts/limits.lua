-- What the scripts share that charge a message, take it back or resolve it: they begin with this part. A charge is
-- decided against everything first, which writes nothing, and then written everywhere.
--
-- The rules and whom they are asked about are one block of keys and one of arguments, which begin where the script says:
-- KEYS: 1 the prefix' credit, moments of 2 the number and 3 the address, counters of 4 the prefix, 5 the country and 6
--       all, 7 the budgets' accounts
-- ARGV: 1 now, or empty for the server's time, 2 the send's name, without spaces and semicolons, 3 its price, 4 whether
--       there is an address: 1 or 0, 5 the rules as JSON:
--       waits, memory (how long they remember earlier sends);
--       number, address: for each limit its count and its period in turn; groups: three such lists for the keys 4 to 6;
--       credit: start, floor, ceiling, widening, narrowing, multiple (of the window: refused), expiry;
--       budgets: for each its ceiling, its period and its alarm in turn; life (of all keys);
--       6 whether credit counts: 1, or 0 where nobody tells which codes came back
-- All times are in milliseconds. Limits are told by their place: 1 the wait, then those of number, address, prefix,
-- country and all, then the credit window, then the budgets.

-- So many parts has the period of a counter, and so many steps of pressure the range beyond the credit window.
local PARTS, STEPS = 12, 4

local function time_now(argument)
  local given = tonumber(argument)
  if given then return given end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function digits(time) return string.format('%013.0f', time) end

-- Moments: the times of the last sends, 13 digits each, the newest at the end.

local function moment(moments, k)
  if #moments >= 13 * k then return tonumber(string.sub(moments, -13 * k, -13 * k + 12)) end
end

-- Keeps as many moments as the limits and the waits look at.
local function moments_with(moments, now, limits, waits)
  local needed = #waits > 0 and #waits + 1 or 0
  for i = 1, #limits, 2 do needed = math.max(needed, limits[i]) end
  return needed > 0 and string.sub(moments .. digits(now), -13 * needed) or ''
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
local function wait_after(moments, waits, memory, now)
  local run = 0
  while run < #waits do
    local earlier = moment(moments, run + 1)
    if not earlier or earlier <= now - memory then break end
    run = run + 1
  end
  return run > 0 and moment(moments, 1) + waits[run] - now or 0
end

-- How long until the send that was so many sends ago has left the period.
local function wait_of_limit(moments, count, period, now)
  local earlier = moment(moments, count)
  return earlier and earlier + period - now or 0
end

-- Counters: for each limit its period, how many sends there are in it, and the number and the count of each part of it,
-- the newest first. While a part lasts, only the first three of these change.

-- The counter at the beginning of a new part: what is older than the period has left it.
local function roll(counter, period, part)
  local parts = counter and ' ' .. counter.part .. ' ' .. counter.count .. counter.older or ''
  local sum, kept = 0, {}
  for number, sends in string.gmatch(parts, '(%d+) (%d+)') do
    if tonumber(number) <= part - PARTS then break end
    sum = sum + sends
    kept[#kept + 1] = ' ' .. number .. ' ' .. sends
  end
  return {period = period, sum = sum, part = part, count = 0, older = table.concat(kept)}
end

local function counters_at(text, limits, now)
  local stored, counters = {}, {}
  for period, sum, part, count, older in string.gmatch(text or '', '(%d+) (%d+) (%d+) (%d+)([^;]*);') do
    period = tonumber(period)
    stored[period] = {
      period = period, sum = tonumber(sum), part = tonumber(part), count = tonumber(count), older = older,
    }
  end
  for i = 2, #limits, 2 do
    local period = limits[i]
    local counter, part = stored[period], math.floor(now * PARTS / period)
    counters[i / 2] = counter and counter.part >= part and counter or roll(counter, period, part)
  end
  return counters
end

local function counters_text(counters)
  local texts = {}
  for i, counter in ipairs(counters) do
    texts[i] = string.format(
      '%d %d %d %d%s;', counter.period, counter.sum, counter.part, counter.count, counter.older)
  end
  return table.concat(texts)
end

-- How long until so many of the oldest parts have left the period that one more send is within the limit.
local function wait_of_counter(counter, limit, now)
  if counter.sum < limit then return 0 end
  local newer = 0
  for part, sends in string.gmatch(counter.part .. ' ' .. counter.count .. counter.older, '(%d+) (%d+)') do
    newer = newer + sends
    if newer >= limit then return math.ceil((part + PARTS) * counter.period / PARTS) - now end
  end
  return 0
end

local function take_from_counter(counter, time)
  local charged_part = math.floor(time * PARTS / counter.period)
  local parts = {}
  for part, sends in string.gmatch(counter.part .. ' ' .. counter.count .. counter.older, '(%d+) (%d+)') do
    if tonumber(part) == charged_part and tonumber(sends) > 0 then
      sends, counter.sum = sends - 1, counter.sum - 1
    end
    parts[#parts + 1] = part .. ' ' .. sends
  end
  counter.count, counter.older = string.match(table.concat(parts, ' '), '^%d+ (%d+)(.*)$')
end

-- Accounts: for each budget its period, the number of the current one, what was spent in it, and whether the alarm rang.

local function accounts_at(text, budgets, now)
  local stored, accounts = {}, {}
  for period, number, spent, rung in string.gmatch(text or '', '(%d+) (%d+) (%d+) (%d);') do
    period = tonumber(period)
    stored[period] = {period = period, number = tonumber(number), spent = tonumber(spent), rung = tonumber(rung)}
  end
  for i = 2, #budgets, 3 do
    local period = budgets[i]
    local account, number = stored[period], math.floor(now / period)
    if not account or account.number < number then
      account = {period = period, number = number, spent = 0, rung = 0}
    end
    accounts[#accounts + 1] = account
  end
  return accounts
end

local function accounts_text(accounts)
  local texts = {}
  for i, account in ipairs(accounts) do
    texts[i] = string.format('%d %d %d %d;', account.period, account.number, account.spent, account.rung)
  end
  return table.concat(texts)
end

-- Credit: the window, how many sends are unresolved, and of each when it expires and its name, the oldest first.

-- The credit as it is when the sends were noticed that have expired.
local function credit_at(text, rules, now)
  local window, open, sends = string.match(text or '', '^(%d+) (%d+) (.*)$')
  window = math.min(math.max(tonumber(window or rules.start), rules.floor), rules.ceiling)
  open, sends = tonumber(open or 0), sends or ''
  local first = 1
  while open > 0 and tonumber(string.sub(sends, first, first + 12)) <= now do
    window, open = math.max(window - rules.narrowing, rules.floor), open - 1
    first = string.find(sends, ';', first, true) + 1
  end
  return {window = window, open = open, sends = string.sub(sends, first)}
end

local function credit_text(credit) return string.format('%d %d %s', credit.window, credit.open, credit.sends) end

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
local function resolve_sends(key, rules, now, names)
  local credit = credit_at(redis.call('GET', key), rules.credit, now)
  local resolved = 0
  for _, name in ipairs(names) do
    if remove_send(credit, name) then resolved = resolved + 1 end
  end
  if resolved == 0 then return 0 end
  credit.window = math.min(credit.window + rules.credit.widening, rules.credit.ceiling)
  redis.call('SET', key, credit_text(credit), 'PX', rules.life)
  return resolved
end

-- The block, with all that is stored about its subjects.
local function load_sending(key, argument)
  local rules, now = cjson.decode(ARGV[argument + 4]), time_now(ARGV[argument])
  if ARGV[argument + 3] == '0' then rules.address = {} end
  local stored = redis.call('MGET', unpack(KEYS, key, key + 6))
  local sending = {
    key = key, now = now, has_credit = ARGV[argument + 5] == '1', name = ARGV[argument + 1], price = tonumber(ARGV[argument + 2]), rules = rules,
    credit = credit_at(stored[1], rules.credit, now), number = stored[2] or '', address = stored[3] or '',
    groups = {}, accounts = accounts_at(stored[7], rules.budgets, now),
  }
  for i, limits in ipairs(rules.groups) do sending.groups[i] = counters_at(stored[3 + i], limits, now) end
  return sending
end

-- Writes the text at that place of the block; nothing when nothing is kept there.
local function store(sending, place, text)
  if text ~= '' then redis.call('SET', KEYS[sending.key + place - 1], text, 'PX', sending.rules.life) end
end

-- Why the message may not be sent, or nil. Of several limits the one counts that lasts longest. `proof`: 0 none, 1 one
-- proof, 1 + n both at pressure n.
-- Returns {'refused', limit, retry after, how much of that is the address' own doing} or {'proof', what is wanted}.
local function decide(sending, proof)
  local now, rules, place, longest, reason = sending.now, sending.rules, 0, 0, 0
  local function hold(wait)
    place = place + 1
    if wait > longest then longest, reason = wait, place end
  end

  hold(wait_after(sending.number, rules.waits, rules.memory, now))
  for i = 1, #rules.number, 2 do hold(wait_of_limit(sending.number, rules.number[i], rules.number[i + 1], now)) end
  local own = 0
  for i = 1, #rules.address, 2 do
    local wait = wait_of_limit(sending.address, rules.address[i], rules.address[i + 1], now)
    own = math.max(own, wait)
    hold(wait)
  end
  for group, counters in ipairs(sending.groups) do
    for i, counter in ipairs(counters) do hold(wait_of_counter(counter, rules.groups[group][2 * i - 1], now)) end
  end
  local window, open = sending.credit.window, sending.credit.open
  local most = window * rules.credit.multiple
  hold(sending.has_credit and wait_of_credit(sending.credit, most, now) or 0)
  for i, account in ipairs(sending.accounts) do
    local is_over = account.spent + sending.price > rules.budgets[3 * i - 2]
    hold(is_over and (account.number + 1) * account.period - now or 0)
  end

  if reason > 0 then return {'refused', reason, longest, own} end
  local wanted = 1
  if sending.has_credit and open >= window then wanted = 2 + math.floor((open - window) * STEPS / (most - window)) end
  if proof < wanted then return {'proof', wanted} end
end

-- Writes what was decided. Returns {'charged', now, when the number may be sent to again, budget whose alarm rings, ...}.
local function charge(sending)
  local now, rules, credit = sending.now, sending.rules, sending.credit
  if sending.has_credit then
    credit.open = credit.open + 1
    credit.sends = credit.sends .. digits(now + rules.credit.expiry) .. ' ' .. sending.name .. ';'
    store(sending, 1, credit_text(credit))
  end

  local moments = moments_with(sending.number, now, rules.number, rules.waits)
  store(sending, 2, moments)
  store(sending, 3, moments_with(sending.address, now, rules.address, {}))
  for group, counters in ipairs(sending.groups) do
    for _, counter in ipairs(counters) do counter.sum, counter.count = counter.sum + 1, counter.count + 1 end
    store(sending, 3 + group, counters_text(counters))
  end

  local again = wait_after(moments, rules.waits, rules.memory, now)
  for i = 1, #rules.number, 2 do
    again = math.max(again, wait_of_limit(moments, rules.number[i], rules.number[i + 1], now))
  end
  local result = {'charged', now, again}
  for i, account in ipairs(sending.accounts) do
    account.spent = account.spent + sending.price
    if account.rung == 0 and account.spent >= rules.budgets[3 * i] then
      account.rung = 1
      result[#result + 1] = i
    end
  end
  store(sending, 7, accounts_text(sending.accounts))
  return result
end

-- Takes back what was charged at that moment, once, and only while the send is unresolved. Returns 1, or 0.
local function refund(sending, time)
  local credit = sending.credit
  if sending.has_credit and not remove_send(credit, sending.name) then return 0 end
  local function restore(place, text, is_empty)
    if is_empty then redis.call('DEL', KEYS[sending.key + place - 1]) else store(sending, place, text) end
  end
  if sending.has_credit then
    restore(1, credit_text(credit), credit.open == 0 and credit.window == sending.rules.credit.start)
  end
  local number, address = moments_without(sending.number, time), moments_without(sending.address, time)
  restore(2, number, number == '')
  restore(3, address, address == '')
  for group, counters in ipairs(sending.groups) do
    local sum = 0
    for _, counter in ipairs(counters) do
      take_from_counter(counter, time)
      sum = sum + counter.sum
    end
    restore(3 + group, counters_text(counters), sum == 0)
  end
  local kept = 0
  for _, account in ipairs(sending.accounts) do
    if account.number == math.floor(time / account.period) then
      account.spent = math.max(0, account.spent - sending.price)
    end
    kept = kept + account.spent + account.rung
  end
  restore(7, accounts_text(sending.accounts), kept == 0)
  return 1
end
