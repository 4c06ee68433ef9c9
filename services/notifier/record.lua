-- Promises that an alert's deliveries are recorded, who is told is noted, and the entry is acknowledged: all or none.
-- Where some are left for a newer notifier to tell, that is noted instead, and the entry stays unacknowledged.
--
-- Registered behind streams_ack.lua. A repeat records nothing twice: a delivery's id is derived from its alert.
-- KEYS: stream, position, lanes, told, left, newest, then for each delivery its key, lane, retries, parked, untried,
--   behind and settled.
-- ARGV: group, entry id, version of `told` as read ('' when the alert has no incident), sequence, newest correction's
--   sequence, seconds that `told`, `newest` and `left` are kept, seconds that what is at rest is kept, how many are
--   left, their subscriptions, then for each delivery its id, its subscription, the record as read that it replaces
--   ('' for none), its record, its state, when it is due (ms), and whether its subscription asked for order ('1').
-- Answers 0 when `told`, or what is to be replaced, changed since it was read: read it again and decide again. Else 1.

local stream, position, lanes, told, left, newest = unpack(KEYS, 1, 6)
local group, entry, version, sequence, corrected, kept, rested, waiting = unpack(ARGV, 1, 8)
local of_incident = version ~= ''
local deliveries = (#KEYS - 6) / 7

local function each(i)
  local keys = {unpack(KEYS, 7 * i, 6 + 7 * i)}
  return keys, unpack(ARGV, 2 + waiting + 7 * i, 8 + waiting + 7 * i)
end

if of_incident and (redis.call('HGET', told, 'version') or '0') ~= version then
  return 0
end
for i = 1, deliveries do
  local keys, id, _, old = each(i)
  -- One that was handed to an attempt meanwhile may have reached its receiver, and stays what it is.
  if old ~= '' and (redis.call('GET', keys[1]) ~= old or redis.call('HEXISTS', keys[5], id) == 0) then
    return 0
  end
end

local function waits(keys, id)
  local lane, retries, parked, untried = keys[2], keys[3], keys[4], keys[5]
  return redis.call('ZSCORE', lane, id) or redis.call('ZSCORE', retries, id) or redis.call('ZSCORE', parked, id)
    or redis.call('HEXISTS', untried, id) == 1
end

for i = 1, deliveries do
  local keys, id, subscription, old, record, state, due, in_order = each(i)
  local delivery, lane, retries, parked, untried, behind, settled = unpack(keys)
  local mark = redis.call('HGET', told, subscription) and 'later' or 'first'
  if old == '' then
    if redis.call('SET', delivery, record, 'NX') then
      local before = of_incident and in_order == '1' and redis.call('HGET', newest, subscription)
      if before and waits(keys, before) then
        redis.call('HSET', behind, before, id)
      else
        redis.call('ZADD', state == 'parked' and parked or lane, due, id)
      end
      if of_incident then
        redis.call('HSET', untried, id, mark .. ':' .. sequence)
        redis.call('HSET', newest, subscription, id)
      end
    end
  elseif state == 'dropped' then
    redis.call('SET', delivery, record, 'EX', rested)
    for _, queue in ipairs({lane, retries, parked}) do
      redis.call('ZREM', queue, id)
    end
    redis.call('ZADD', settled, due, id)
    redis.call('EXPIRE', settled, rested)
    redis.call('HDEL', untried, id)
    redis.call('HDEL', newest, subscription)
    redis.call('HDEL', told, subscription)
  else
    redis.call('SET', delivery, record)
    mark = string.match(redis.call('HGET', untried, id), '^%a+')
    redis.call('HSET', untried, id, mark .. ':' .. sequence)
    if state == 'pending' and redis.call('ZREM', parked, id) == 1 then
      redis.call('ZADD', lane, due, id)
    end
    for _, queue in ipairs({lane, retries}) do
      if redis.call('ZSCORE', queue, id) then
        redis.call('ZADD', queue, 'LT', due, id)
      end
    end
  end
  -- Also for what is parked at once: its subscription may have been resumed or removed since it was read.
  redis.call('ZADD', lanes, 'LT', due, subscription)
  if of_incident and state ~= 'dropped'
    and tonumber(sequence) > tonumber(redis.call('HGET', told, subscription) or '-1') then
    redis.call('HSET', told, subscription, sequence)
  end
end

corrected = tonumber(corrected)
if of_incident and (deliveries > 0 or corrected > 0) then
  redis.call('HINCRBY', told, 'version', 1)
  if corrected > tonumber(redis.call('HGET', told, 'corrected') or '0') then
    redis.call('HSET', told, 'corrected', corrected)
  end
  redis.call('EXPIRE', told, kept)
  redis.call('EXPIRE', newest, kept)
end

redis.call('DEL', left)
if tonumber(waiting) > 0 then
  redis.call('SADD', left, unpack(ARGV, 9, 8 + waiting))
  redis.call('EXPIRE', left, kept)
else
  acknowledge(stream, group, position, {entry})
end
return 1
