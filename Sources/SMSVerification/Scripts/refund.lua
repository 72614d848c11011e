-- Takes back what a message was charged.
-- KEYS: the block
-- ARGV: 1 when it was charged, then the block
-- Returns 1, or 0 when there is nothing to take back: it was taken back before, has expired or is confirmed.
return refund(load_sending(1, 2), tonumber(ARGV[1]))
