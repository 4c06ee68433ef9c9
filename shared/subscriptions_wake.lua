-- Promises that a lane is visited at once: a rest ends, but whoever serves it goes on undisturbed.
--
-- KEYS: lease, lanes · ARGV: subscription id.

local lease = redis.call('GET', KEYS[1])
if lease and string.sub(lease, 1, 5) == 'rest:' then
  redis.call('DEL', KEYS[1])
end
redis.call('ZADD', KEYS[2], 0, ARGV[1])
return 1
