-- Promises that one notifier at a time serves a lane, and tells what is due there: first attempts before retries.
--
-- KEYS: lease, lane, retries, parked, lanes, failures.
-- ARGV: token, lease (ms), now (ms), at most so many, subscription id.
-- Answers nothing when another holds the lease or the lane rests (it is then looked at again when that ends); else
-- failures in a row, how many are parked, and the ids that are due.

local lease, lane, retries, parked, lanes, failures = unpack(KEYS)
local token, held, now, most, subscription = unpack(ARGV)

local holder = redis.call('GET', lease)
local rests = holder and tonumber(string.match(holder, '^rest:(%d+)$'))
if rests then
  if rests > tonumber(now) then
    redis.call('ZADD', lanes, 'XX', rests, subscription)
    return nil
  end
elseif holder and holder ~= token then
  redis.call('ZADD', lanes, 'XX', now + math.max(redis.call('PTTL', lease), 1), subscription)
  return nil
end
redis.call('SET', lease, token, 'PX', held)
-- If we die, the lane comes up again just when the lease has ended.
redis.call('ZADD', lanes, now + held, subscription)

local due = redis.call('ZRANGEBYSCORE', lane, '-inf', now, 'LIMIT', 0, most)
if #due < tonumber(most) then
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', retries, '-inf', now, 'LIMIT', 0, most - #due)) do
    due[#due + 1] = id
  end
end
return {
  tonumber(redis.call('HGET', failures, subscription) or '0'),
  redis.call('ZCARD', parked),
  due,
}
