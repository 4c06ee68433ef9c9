-- Promises that an alert's deliveries are recorded, who is told is noted, and the entry is acknowledged: all or none.
--
-- Registered behind streams_ack.lua. A repeat records nothing twice: a delivery's id is derived from its alert.
-- KEYS: stream, position, lanes, told, then for each delivery its key and the zset it waits in.
-- ARGV: group, entry id, due (ms), version of `told` as read ('' when the alert has no incident), sequence,
--   newest correction's sequence, seconds that `told` is kept, then for each delivery its id, its subscription,
--   its record, and 1 when its lane is to be visited.
-- Answers 0 when `told` changed since it was read: read it again and decide again. Else 1.

local stream, position, lanes, told = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, entry, due, version, sequence = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local corrected, kept = tonumber(ARGV[6]), ARGV[7]
local deliveries = (#KEYS - 4) / 2

if version ~= '' and (redis.call('HGET', told, 'version') or '0') ~= version then
  return 0
end

for i = 1, deliveries do
  local key, queue = KEYS[3 + 2 * i], KEYS[4 + 2 * i]
  local id, subscription, record, visit = unpack(ARGV, 4 + 4 * i, 7 + 4 * i)
  if redis.call('SET', key, record, 'NX') then
    redis.call('ZADD', queue, due, id)
    if visit == '1' then
      redis.call('ZADD', lanes, 'LT', due, subscription)
    end
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

acknowledge(stream, group, position, {entry})
return 1
