-- Charges a message to all limits, or to none.
-- KEYS: the block
-- ARGV: 1 the proof that the caller has brought, then the block
-- Returns what `decide` or `charge` says.
local sending = load_sending(1, 2)
return decide(sending, tonumber(ARGV[1])) or charge(sending)
