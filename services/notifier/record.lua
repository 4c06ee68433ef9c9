-- Promises that an alert's deliveries are recorded, who is told is noted, and the entry is acknowledged: all or none.
-- Where some are left for a newer notifier to tell, that is noted instead, and the entry stays unacknowledged.
--
-- Registered behind streams_ack.lua. A repeat records nothing twice: a delivery's id is derived from its alert.
-- KEYS: stream, position, lanes, told, left, then for each delivery its key and the zset it waits in.
-- ARGV: group, entry id, due (ms), version of `told` as read ('' when the alert has no incident), sequence,
--   newest correction's sequence, seconds that `told` and `left` are kept, how many are left, their subscriptions,
--   then for each delivery its id, its subscription and its record.
-- Answers 0 when `told` changed since it was read: read it again and decide again. Else 1.

local stream, position, lanes, told, left = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group, entry, due, version, sequence = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local corrected, kept, waiting = tonumber(ARGV[6]), ARGV[7], tonumber(ARGV[8])
local deliveries = (#KEYS - 5) / 2

if version ~= '' and (redis.call('HGET', told, 'version') or '0') ~= version then
  return 0
end

for i = 1, deliveries do
  local key, queue = KEYS[4 + 2 * i], KEYS[5 + 2 * i]
  local id, subscription, record = unpack(ARGV, 6 + waiting + 3 * i, 8 + waiting + 3 * i)
  if redis.call('SET', key, record, 'NX') then
    redis.call('ZADD', queue, due, id)
    -- Also for what is parked at once: its subscription may have been resumed or removed since it was read.
    redis.call('ZADD', lanes, 'LT', due, subscription)
  end
  if version ~= '' and sequence > tonumber(redis.call('HGET', told, subscription) or '-1') then
    redis.call('HSET', told, subscription, sequence)
  end
end

if version ~= '' and (deliveries > 0 or corrected > 0) then
  redis.call('HINCRBY', told, 'version', 1)
  if corrected > tonumber(redis.call('HGET', told, 'corrected') or '0') then
    redis.call('HSET', told, 'corrected', corrected)
  end
  redis.call('EXPIRE', told, kept)
end

redis.call('DEL', left)
if waiting > 0 then
  redis.call('SADD', left, unpack(ARGV, 9, 8 + waiting))
  redis.call('EXPIRE', left, kept)
else
  acknowledge(stream, group, position, {entry})
end
return 1
