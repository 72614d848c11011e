-- Notes that the code of these sends came back.
-- KEYS: 1 unresolved sends, 2 credit window
-- ARGV: 1 now in milliseconds, or empty for the server's time, 2-8 the credit window's rules, then the sends' names
-- Returns how many of them were unresolved.
local sends = {}
for i = 9, #ARGV do sends[#sends + 1] = ARGV[i] end
return resolve_sends(KEYS[1], KEYS[2], credit_rules(2), time_now(ARGV[1]), sends)
