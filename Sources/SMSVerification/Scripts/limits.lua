-- What the scripts share that charge a message, take it back or resolve it: they begin with this part. A charge is
-- decided against everything first, then written everywhere, or nowhere.
--
-- The table of limits and whom it is asked about are one block of keys and one of arguments, which begin where the
-- script says:
-- KEYS: 1 unresolved sends, 2 credit window, 3 the number's moments, 4 the address' moments, then a counter for each
--       group limit, then an account for each budget
-- ARGV: 1 now in milliseconds, or empty for the server's time, 2 the send's name, 3 its price, 4 the credit window at
--       first, 5 at least, 6 at most, 7 wider by so much with a confirmation, 8 narrower with an expiry, 9 refused at
--       that multiple of the window (0: the window does not count, as where nobody tells which codes came back), 10 when a send has expired, 11 how long waits remember earlier sends, then lists,
--       each after its length: waits; count, period of each limit of the number; the same of the address; the same of
--       the groups; ceiling, period, alarm of each budget
-- All times are in milliseconds. Limits are told by their place: 1 the wait, then those of the number, the address, the
-- groups, then the credit window, then the budgets.

-- So many parts has the period of a counter, so many steps of pressure has the range beyond the credit window, and so
-- long a credit window is remembered that nothing has changed.
local PARTS, STEPS, MEMORY = 12, 4, 86400000

local function time_now(argument)
  local given = tonumber(argument)
  if given then return given end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Moments: the times of the last sends, 13 digits each, the newest at the end.

local function moment(moments, k)
  if #moments >= 13 * k then return tonumber(string.sub(moments, -13 * k, -13 * k + 12)) end
end

local function digits(time) return string.format('%013.0f', time) end

-- How many moments the limits and waits look at.
local function moments_needed(limits, waits)
  local most = #waits > 0 and #waits + 1 or 0
  for i = 1, #limits, 2 do most = math.max(most, limits[i]) end
  return most
end

-- How long the wait after the newest moment lasts on: it depends on how many there were in the time remembered.
local function wait_after(moments, waits, memory, now)
  local run = 0
  while run < #waits do
    local earlier = moment(moments, run + 1)
    if not earlier or earlier <= now - memory then break end
    run = run + 1
  end
  return run > 0 and moment(moments, 1) + waits[run] - now or 0
end

-- How long until the k-th newest moment, where k is the limit's count, has left the limit's period.
local function wait_of_limit(moments, count, period, now)
  local earlier = moment(moments, count)
  return earlier and earlier + period - now or 0
end

-- Counters: how many sends there are in the period, then the number and the count of each part of it, the newest first.
-- While a part lasts, only the first three change.

local function counter_at(text, period, now)
  local part = math.floor(now * PARTS / period)
  local sum, newest, count, older = string.match(text or '', '^(%d+) (%d+) (%d+)(.*)$')
  if newest and tonumber(newest) >= part then
    return {sum = tonumber(sum), part = tonumber(newest), count = tonumber(count), older = older}
  end
  local total, kept = 0, {}
  for number, sends in string.gmatch(text and string.match(text, ' .*') or '', '(%d+) (%d+)') do
    if tonumber(number) <= part - PARTS then break end
    total = total + sends
    kept[#kept + 1] = ' ' .. number .. ' ' .. sends
  end
  return {sum = total, part = part, count = 0, older = table.concat(kept)}
end

local function counter_text(counter)
  return counter.sum .. ' ' .. counter.part .. ' ' .. counter.count .. counter.older
end

-- How long until so many of the oldest parts have left the period that one more send is within the limit.
local function wait_of_counter(counter, limit, period, now)
  if counter.sum < limit then return 0 end
  local newer = 0
  for part, sends in string.gmatch(counter.part .. ' ' .. counter.count .. counter.older, '(%d+) (%d+)') do
    newer = newer + sends
    if newer >= limit then return math.ceil((part + PARTS) * period / PARTS) - now end
  end
  return 0
end

-- Accounts: the number of the period, what was spent in it, and whether the alarm was raised.

local function account_at(text, period, now)
  local current = math.floor(now / period)
  local number, spent, alarmed = string.match(text or '', '^(%d+) (%d+) (%d)$')
  if number and tonumber(number) >= current then
    return {number = tonumber(number), spent = tonumber(spent), alarmed = tonumber(alarmed)}
  end
  return {number = current, spent = 0, alarmed = 0}
end

local function account_text(account)
  return account.number .. ' ' .. account.spent .. ' ' .. account.alarmed
end

-- The credit window: how many sends of a group of numbers may be unresolved at a time.

local function credit_rules(argument)
  return {
    start = tonumber(ARGV[argument]), floor = tonumber(ARGV[argument + 1]), ceiling = tonumber(ARGV[argument + 2]),
    widen = tonumber(ARGV[argument + 3]), narrow = tonumber(ARGV[argument + 4]),
    multiple = tonumber(ARGV[argument + 5]), life = tonumber(ARGV[argument + 6]),
  }
end

-- The window as it is after the sends were noticed that have expired.
local function credit_window(unresolved, key, stored, rules, now)
  local window = math.min(math.max(tonumber(stored or rules.start), rules.floor), rules.ceiling)
  local expired = redis.call('ZREMRANGEBYSCORE', unresolved, '-inf', now)
  if expired > 0 then
    window = math.max(window - expired * rules.narrow, rules.floor)
    redis.call('SET', key, window, 'PX', MEMORY)
  end
  return window
end

-- The code of these sends came back: they are resolved, and the window grows. Returns how many were unresolved.
local function resolve_sends(unresolved, key, rules, now, sends)
  local window = credit_window(unresolved, key, redis.call('GET', key), rules, now)
  local resolved = redis.call('ZREM', unresolved, unpack(sends))
  if resolved > 0 then redis.call('SET', key, math.min(window + rules.widen, rules.ceiling), 'PX', MEMORY) end
  return resolved
end

-- Reads the block and all that is stored about its subjects.
local function load_sending(key, argument)
  local sending = {
    now = time_now(ARGV[argument]), name = ARGV[argument + 1], price = tonumber(ARGV[argument + 2]),
    credit = credit_rules(argument + 3), memory = tonumber(ARGV[argument + 10]), counters = {}, accounts = {},
  }
  local place = argument + 11
  local function list()
    local values = {}
    local length = tonumber(ARGV[place])
    for i = 1, length do values[i] = tonumber(ARGV[place + i]) end
    place = place + 1 + length
    return values
  end
  sending.waits, sending.of_number, sending.of_address, sending.of_group = list(), list(), list(), list()
  sending.budgets = list()

  sending.unresolved, sending.window_key = KEYS[key], KEYS[key + 1]
  sending.number_key, sending.address_key = KEYS[key + 2], KEYS[key + 3]
  sending.first_counter = key + 4
  sending.first_account = sending.first_counter + #sending.of_group / 2
  local last = sending.first_account + #sending.budgets / 3 - 1
  local stored = redis.call('MGET', unpack(KEYS, key + 1, last))
  sending.stored_window = stored[1]
  sending.number, sending.address = stored[2] or '', stored[3] or ''
  for i = 1, #sending.of_group, 2 do
    table.insert(sending.counters, counter_at(stored[4 + #sending.counters], sending.of_group[i + 1], sending.now))
  end
  for i = 1, #sending.budgets, 3 do
    local text = stored[4 + #sending.counters + #sending.accounts]
    table.insert(sending.accounts, account_at(text, sending.budgets[i + 1], sending.now))
  end
  return sending
end

-- Why the message may not be sent, or nil. Of several limits the one counts that lasts longest. `proof`: 0 none, 1 one
-- proof, 1 + n both at pressure n.
-- Returns {'refused', limit, retry after, how much of that is the address' own doing} or {'proof', what is wanted}.
local function decide(sending, proof)
  local now, place, longest, reason = sending.now, 0, 0, 0
  local function hold(wait)
    place = place + 1
    if wait > longest then longest, reason = wait, place end
  end

  hold(wait_after(sending.number, sending.waits, sending.memory, now))
  for i = 1, #sending.of_number, 2 do
    hold(wait_of_limit(sending.number, sending.of_number[i], sending.of_number[i + 1], now))
  end
  local own = 0
  for i = 1, #sending.of_address, 2 do
    local wait = wait_of_limit(sending.address, sending.of_address[i], sending.of_address[i + 1], now)
    own = math.max(own, wait)
    hold(wait)
  end
  for i, counter in ipairs(sending.counters) do
    hold(wait_of_counter(counter, sending.of_group[2 * i - 1], sending.of_group[2 * i], now))
  end

  local rules = sending.credit
  local wanted, expiry = 1, 0
  if rules.multiple > 0 then
    local window = credit_window(sending.unresolved, sending.window_key, sending.stored_window, rules, now)
    local open, most = redis.call('ZCARD', sending.unresolved), window * rules.multiple
    if open >= most then
      expiry = redis.call('ZRANGE', sending.unresolved, open - most, open - most, 'WITHSCORES')[2] - now
    elseif open >= window then
      wanted = 2 + math.floor((open - window) * STEPS / (most - window))
    end
  end
  hold(expiry)

  for i, account in ipairs(sending.accounts) do
    local ceiling, period = sending.budgets[3 * i - 2], sending.budgets[3 * i - 1]
    hold(account.spent + sending.price > ceiling and (account.number + 1) * period - now or 0)
  end

  if reason > 0 then return {'refused', reason, longest, own} end
  if proof < wanted then return {'proof', wanted} end
end

local function add_moment(key, moments, limits, waits, memory, now)
  local needed = moments_needed(limits, waits)
  if needed == 0 then return moments end
  local life = #waits > 0 and math.max(memory, unpack(waits)) or 0
  for i = 2, #limits, 2 do life = math.max(life, limits[i]) end
  moments = string.sub(moments .. digits(now), -13 * needed)
  redis.call('SET', key, moments, 'PX', life)
  return moments
end

-- Writes what was decided. Returns {'charged', now, when the number may be sent to again, budget whose alarm rings, ...}.
local function charge(sending)
  local now = sending.now
  if sending.credit.multiple > 0 then
    redis.call('ZADD', sending.unresolved, now + sending.credit.life, sending.name)
    redis.call('PEXPIRE', sending.unresolved, MEMORY)
  end
  local moments = add_moment(sending.number_key, sending.number, sending.of_number, sending.waits, sending.memory, now)
  add_moment(sending.address_key, sending.address, sending.of_address, {}, 0, now)

  for i, counter in ipairs(sending.counters) do
    counter.sum, counter.count = counter.sum + 1, counter.count + 1
    redis.call('SET', KEYS[sending.first_counter + i - 1], counter_text(counter), 'PX', 2 * sending.of_group[2 * i])
  end

  local again = wait_after(moments, sending.waits, sending.memory, now)
  for i = 1, #sending.of_number, 2 do
    again = math.max(again, wait_of_limit(moments, sending.of_number[i], sending.of_number[i + 1], now))
  end
  local result = {'charged', now, again}

  for i, account in ipairs(sending.accounts) do
    account.spent = account.spent + sending.price
    if account.alarmed == 0 and account.spent >= sending.budgets[3 * i] then
      account.alarmed = 1
      result[#result + 1] = i
    end
    redis.call(
      'SET', KEYS[sending.first_account + i - 1], account_text(account), 'PX', 2 * sending.budgets[3 * i - 1])
  end
  return result
end

local function keep(key, text, life)
  if text then redis.call('SET', key, text, 'PX', life) else redis.call('DEL', key) end
end

local function remove_moment(key, moments, moment_digits)
  for k = 1, #moments / 13 do
    local first = #moments - 13 * k + 1
    if string.sub(moments, first, first + 12) == moment_digits then
      local rest = string.sub(moments, 1, first - 1) .. string.sub(moments, first + 13)
      if rest == '' then redis.call('DEL', key) else redis.call('SET', key, rest, 'KEEPTTL') end
      return
    end
  end
end

-- Takes back what was charged at that moment, once, and only while the send is unresolved. Returns 1, or 0.
local function refund(sending, charged_at)
  if sending.credit.multiple > 0 and redis.call('ZREM', sending.unresolved, sending.name) == 0 then return 0 end
  remove_moment(sending.number_key, sending.number, digits(charged_at))
  remove_moment(sending.address_key, sending.address, digits(charged_at))

  for i, counter in ipairs(sending.counters) do
    local charged_part = math.floor(charged_at * PARTS / sending.of_group[2 * i])
    local parts = {}
    for part, sends in string.gmatch(counter.part .. ' ' .. counter.count .. counter.older, '(%d+) (%d+)') do
      if tonumber(part) == charged_part and tonumber(sends) > 0 then
        sends, counter.sum = sends - 1, counter.sum - 1
      end
      parts[#parts + 1] = part .. ' ' .. sends
    end
    local text = counter.sum > 0 and counter.sum .. ' ' .. table.concat(parts, ' ')
    keep(KEYS[sending.first_counter + i - 1], text, 2 * sending.of_group[2 * i])
  end

  for i, account in ipairs(sending.accounts) do
    local period = sending.budgets[3 * i - 1]
    if account.number == math.floor(charged_at / period) then
      account.spent = math.max(0, account.spent - sending.price)
      local text = account.spent + account.alarmed > 0 and account_text(account)
      keep(KEYS[sending.first_account + i - 1], text, 2 * period)
    end
  end
  return 1
end
