-- Promises: an article that has waited in pending for the patience or longer is answered to one sweeper and
-- counts as enqueued now. Nothing is ever added: an article considered meanwhile stays considered.
-- KEYS: pending · ARGV: patience in ms, count · Answers: article keys, the longest wait first

-- Redis's own clock, as in journal.lua: neither of two pollers that disagree about the time sweeps too late.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local cutoff = string.format('%.0f', now - ARGV[1])
local waiting = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', cutoff, 'LIMIT', 0, ARGV[2])
for _, key in ipairs(waiting) do
  redis.call('ZADD', KEYS[1], 'XX', string.format('%.0f', now), key)
end
return waiting
