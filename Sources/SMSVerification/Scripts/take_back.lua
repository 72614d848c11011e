-- Undoes a reservation: removes send-flag and code, unless the code is another request's by now, and what was charged.
-- Of a number that is sent nothing there is the flag alone, and the caller alone was charged. It follows limits.lua.
-- KEYS: 1 send-flag, 2 code, 3-4 as `push` had them, then the block of the limits
-- ARGV: 1 the code that was reserved, empty: the number is sent nothing, 2 when it was charged, empty: not known, since
--       the reply was lost,
--       3-4 as `push` had them, the first empty when it has put nothing on the queue, 5 the store's database, then the
--       block of the limits
-- Returns how many keys were removed: none, when a worker has the job already and the message goes out.
local held = redis.call('GET', KEYS[2])
if ARGV[3] ~= '' and held == ARGV[1] and not take_off(3, 3, ARGV[5]) then return 0 end
local sending, charged_at = load_sending(5, 6), tonumber(ARGV[2])
-- As long as its code is there, the number was charged nothing after it.
if not charged_at and held == ARGV[1] then charged_at = moment(sending.number, 1) or sending.now end
if charged_at then
  local take = ARGV[1] == '' and refund_caller or refund
  take(sending, charged_at)
end
if ARGV[1] == '' then return redis.call('DEL', KEYS[1]) end
if held and held ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1], KEYS[2])
