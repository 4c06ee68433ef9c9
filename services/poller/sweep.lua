-- Promises: an article that has waited in pending since before the cutoff is answered to one sweeper and
-- counts as enqueued now. Nothing is ever added: an article considered meanwhile stays considered.
-- KEYS: pending · ARGV: cutoff, now (both ms), count · Answers: article keys, the longest wait first
local waiting = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, key in ipairs(waiting) do
  redis.call('ZADD', KEYS[1], 'XX', ARGV[2], key)
end
return waiting
