-- Promises that a delivery that a person asked for is recorded once, behind what is new, and who is told is noted.
--
-- KEYS: delivery, retries, lanes, told, newest, untried.
-- ARGV: delivery id, subscription id, record, due (ms), sequence ('' when the alert has no incident), seconds that
--   `told` is kept.
-- Answers 1 when it was recorded now, 0 when it was before: its id is derived from what was asked.

local delivery, retries, lanes, told, newest, untried = unpack(KEYS)
local id, subscription, record, due, sequence, kept = unpack(ARGV)

if not redis.call('SET', delivery, record, 'NX') then
  return 0
end
-- Among the retries, which are taken when no first attempt is due: news does not wait for what is told again.
redis.call('ZADD', retries, due, id)
redis.call('ZADD', lanes, 'LT', due, subscription)
if sequence ~= '' then
  if tonumber(sequence) > tonumber(redis.call('HGET', told, subscription) or '-1') then
    redis.call('HSET', told, subscription, sequence)
  end
  -- What waits is not the first any more that this subscription hears: its retraction must be told as well.
  local waiting = redis.call('HGET', newest, subscription)
  local mark = waiting and redis.call('HGET', untried, waiting)
  if mark then
    redis.call('HSET', untried, waiting, (string.gsub(mark, '^first', 'later')))
  end
  redis.call('HINCRBY', told, 'version', 1)
  redis.call('EXPIRE', told, kept)
end
return 1
