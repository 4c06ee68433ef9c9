-- Promises that an alert stands on the stream once, however often it is rung; answers its entry's id.
--
-- KEYS: the mark of its id, the alert stream. ARGV: the alert, seconds for which the mark is kept.

local rang = redis.call('GET', KEYS[1])
if rang then
  return rang
end
local entry = redis.call('XADD', KEYS[2], '*', 'alert', ARGV[1])
redis.call('SET', KEYS[1], entry, 'EX', ARGV[2])
return entry
