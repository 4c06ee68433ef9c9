-- Promises that a lane is given back, and comes up again when its next delivery is due but not before it has rested.
--
-- KEYS: lease, lane, retries, lanes, parked, subscriptions. ARGV: token, rests until (ms), now (ms), subscription id.
-- Without the lease it does nothing. A rest takes the lease's place, or the next new delivery would end it.

local lease, lane, retries, lanes, parked, subscriptions = unpack(KEYS)
if redis.call('GET', lease) ~= ARGV[1] then
  return 0
end
local rest = tonumber(ARGV[2]) - tonumber(ARGV[3])
if rest > 0 then
  redis.call('SET', lease, 'rest:' .. ARGV[2], 'PX', math.ceil(rest))
else
  redis.call('DEL', lease)
end
local nearest
for _, queue in ipairs({lane, retries}) do
  local first = redis.call('ZRANGE', queue, 0, 0, 'WITHSCORES')
  if first[2] and (not nearest or tonumber(first[2]) < nearest) then
    nearest = tonumber(first[2])
  end
end
if not nearest and redis.call('HEXISTS', subscriptions, ARGV[4]) == 0 and redis.call('EXISTS', parked) == 1 then
  -- Its subscription was removed while we parked: one more visit drops what nobody would ask for again.
  nearest = tonumber(ARGV[3])
end
if nearest then
  redis.call('ZADD', lanes, string.format('%.0f', math.max(nearest, tonumber(ARGV[2]))), ARGV[4])
else
  redis.call('ZREM', lanes, ARGV[4])
end
return 1
