-- Promises that what a round noted and what it rang are one step, which may be repeated.
--
-- KEYS: the ledger, the conditions, the alert stream, then a mark for each alert.
-- ARGV: the ledger, seconds for which a mark is kept, the alerts, and then for each changed condition a word
-- (`new`: unless it is there by now; `set`; `del`), its key and its record.

redis.call('SET', KEYS[1], ARGV[1])
local alerts = #KEYS - 3
for i = 1, alerts do
  if redis.call('EXISTS', KEYS[3 + i]) == 0 then
    redis.call('SET', KEYS[3 + i], redis.call('XADD', KEYS[3], '*', 'alert', ARGV[2 + i]), 'EX', ARGV[2])
  end
end
for i = 3 + alerts, #ARGV, 3 do
  if ARGV[i] == 'new' then
    redis.call('HSETNX', KEYS[2], ARGV[i + 1], ARGV[i + 2])
  elseif ARGV[i] == 'set' then
    redis.call('HSET', KEYS[2], ARGV[i + 1], ARGV[i + 2])
  else
    redis.call('HDEL', KEYS[2], ARGV[i + 1])
  end
end
return 1
