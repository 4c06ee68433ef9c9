-- Promises that a subscription is replaced only if it still is what the caller read.
--
-- KEYS: subscriptions · ARGV: id, the record as read, the record as it shall be.
-- Answers 1 when the record now stands (also when this is a repeat), 0 when somebody was faster.

local found = redis.call('HGET', KEYS[1], ARGV[1])
if found == ARGV[3] then
  return 1
end
if found ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
