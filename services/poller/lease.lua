-- Promises: each due feed goes to one poller at a time. A lease pushes the feed's due time on, so that a
-- poller that dies gives it back by itself. A due time without a feed (removed meanwhile) is dropped.
-- KEYS: feeds_due, feeds · ARGV: now, until (both ms), count
-- Answers: {when the next is due, in ms, or '' ; feed JSON ...}
local taken = {''}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  local feed = redis.call('HGET', KEYS[2], id)
  if feed then
    redis.call('ZADD', KEYS[1], 'XX', ARGV[2], id)
    taken[#taken + 1] = feed
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
taken[1] = first[2] or ''
return taken
