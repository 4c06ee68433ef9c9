-- Promises that what became of a delivery is written once, with the place where it waits now, its lane's next visit
-- and the counts.
-- What comes to rest lets the one behind it go: in order, the next of its incident.
--
-- KEYS: delivery, lane, retries, parked, lanes, failures, outcomes, untried, behind, settled.
-- ARGV: delivery id, subscription id, the record as read, the record as it shall be, where it waits now ('lane',
--   'retries', 'parked' or ''), since or until when (ms), seconds to keep it (0: as long as it waits), field of
--   `outcomes` ('' for none), 'failed', 'succeeded' or '' for the lane's count of failures in a row, and how many of the
--   settled are listed.
-- Answers failures in a row and how many are parked, or nothing when the record is not what was read any more.

local delivery, lane, retries, parked, lanes, failures, outcomes, untried, behind, settled = unpack(KEYS)
local id, subscription, old, new, waits, at, kept, counted, fared, listed = unpack(ARGV)

local function answer()
  return {tonumber(redis.call('HGET', failures, subscription) or '0'), redis.call('ZCARD', parked)}
end

local found = redis.call('GET', delivery)
if found == new then
  return answer()
end
if found ~= old then
  return nil
end

if kept == '0' then
  redis.call('SET', delivery, new)
else
  redis.call('SET', delivery, new, 'EX', kept)
end
redis.call('ZREM', lane, id)
redis.call('ZREM', retries, id)
redis.call('ZREM', parked, id)
redis.call('ZREM', settled, id)
if waits == 'retries' or waits == 'lane' then
  redis.call('ZADD', waits == 'lane' and lane or retries, at, id)
  redis.call('ZADD', lanes, 'LT', at, subscription)
elseif waits == 'parked' then
  redis.call('ZADD', parked, at, id)
else
  -- The list forgets with the records it lists, and all at once when nothing more comes.
  redis.call('ZADD', settled, at, id)
  redis.call('ZREMRANGEBYSCORE', settled, '-inf', at - kept * 1000)
  redis.call('ZREMRANGEBYRANK', settled, 0, -listed - 1)
  redis.call('EXPIRE', settled, kept)
  redis.call('HDEL', untried, id)
  local next = redis.call('HGET', behind, id)
  if next then
    redis.call('HDEL', behind, id)
    -- Unless a person had it sent meanwhile: then it was told, or has its place already.
    if redis.call('HEXISTS', untried, next) == 1 and not redis.call('ZSCORE', retries, next)
      and not redis.call('ZSCORE', parked, next) then
      redis.call('ZADD', lane, at, next)
      redis.call('ZADD', lanes, 'LT', at, subscription)
    end
  end
end

if counted ~= '' then
  redis.call('HINCRBY', outcomes, counted, 1)
end
if fared == 'failed' then
  redis.call('HINCRBY', failures, subscription, 1)
elseif fared == 'succeeded' then
  redis.call('HDEL', failures, subscription)
end
return answer()
