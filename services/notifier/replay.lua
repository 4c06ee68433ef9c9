-- Promises that a delivery that a person asked for is recorded once, behind what is new, and who is told is noted.
--
-- KEYS: delivery, retries, lanes, told.
-- ARGV: delivery id, subscription id, record, due (ms), sequence ('' when the alert has no incident), seconds that
--   `told` is kept.
-- Answers 1 when it was recorded now, 0 when it was before: its id is derived from what was asked.

local delivery, retries, lanes, told = unpack(KEYS)
local id, subscription, record, due, sequence, kept = unpack(ARGV)

if not redis.call('SET', delivery, record, 'NX') then
  return 0
end
-- Among the retries, which are taken when no first attempt is due: news does not wait for what is told again.
redis.call('ZADD', retries, due, id)
redis.call('ZADD', lanes, 'LT', due, subscription)
if sequence ~= '' and tonumber(sequence) > tonumber(redis.call('HGET', told, subscription) or '-1') then
  redis.call('HSET', told, subscription, sequence)
  redis.call('HINCRBY', told, 'version', 1)
  redis.call('EXPIRE', told, kept)
end
return 1
