-- How much of each budget is spent in its present period. It follows limits.lua.
-- KEYS: 1 the counters of all messages, with the budgets' accounts
-- ARGV: 1 now, or empty for the server's time
-- Returns what is spent, for each budget in turn.
local now, accounts, spent = time_now(ARGV[1]), {}, {}
local stored = redis.call('GET', KEYS[1])
if stored then
  local _, known = cmsgpack.unpack(stored)
  accounts = known
end
for i = 1, #RULES.budgets, 3 do
  spent[#spent + 1] = accounts[counter_at(accounts, RULES.budgets[i + 1], now) + 2]
end
return spent
