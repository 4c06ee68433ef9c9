-- Promises that no channel is sent more than it takes: a burst at once, then one message in each interval.
--
-- KEYS: bucket.
-- ARGV: now (ms), the interval (ms), the burst (messages), and until when nothing may go (ms; 0: take one place;
-- -1: give one back that was not used).
-- Answers the milliseconds until there is a place; 0 when one was taken.

local now, interval, burst, closed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local ahead = (burst - 1) * interval
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)

if closed > 0 then
  full = math.max(full, closed + ahead)
elseif closed < 0 then
  full = math.max(full - interval, now)
else
  local wait = full - ahead - now
  if wait > 0 then
    return wait
  end
  full = full + interval
end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', string.format('%.0f', full - now + 60000))
return 0
