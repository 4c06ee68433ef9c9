-- Promises that one notifier at a time watches: takes or renews the lease, or gives it back.
--
-- KEYS: the lease. ARGV: the token of who asks, milliseconds to hold it (0: give it back).
-- Answers 1 when the asker held it or holds it now, else 0.

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
