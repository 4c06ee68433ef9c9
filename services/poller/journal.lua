-- Promises: all that one poll of one feed found out is written, or nothing is. A draft that no feed has
-- brought before becomes a new article, or a new revision of one, and stands in pending; one that any feed
-- has brought before does not, so that two feeds which disagree about a title never take turns. Said twice
-- with one token, it does nothing and answers the same. A removed feed is not written to.
--
-- KEYS: 1 feeds  2 feeds_due  3 seen  4 present  5 polled  6 pending
-- ARGV: 1 feed id  2 token  3 now, ms  4 next due, ms, or '' for never  5 what changes in the feed, JSON
--       6 prefix of revisions  7 prefix of articles  8 marks last present before this, in ms, are forgotten,
--       or '' when the feed was not read  9 seconds a revision table lives  10 seconds the answer lives
--       then for each draft: article id, fingerprint, article JSON, 'aloud' or 'silently'
-- Answers: nil for a removed feed, else the keys of the articles to enqueue

local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then
  return nil
end
if redis.call('HGET', KEYS[5], 'token') == ARGV[2] then
  return cjson.decode(redis.call('HGET', KEYS[5], 'keys'))
end

local fresh = {}
for i = 11, #ARGV, 4 do
  local id, fingerprint, article, manner = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  redis.call('ZADD', KEYS[4], ARGV[3], id)
  if redis.call('HGET', KEYS[3], id) ~= fingerprint then
    redis.call('HSET', KEYS[3], id, fingerprint)
    local revisions = ARGV[6] .. id
    if manner == 'aloud' and redis.call('HEXISTS', revisions, fingerprint) == 0 then
      local revision = redis.call('HLEN', revisions) + 1
      redis.call('HSET', revisions, fingerprint, revision)
      redis.call('EXPIRE', revisions, ARGV[9])
      local key = id .. ':' .. revision
      redis.call('SET', ARGV[7] .. key, article)
      redis.call('ZADD', KEYS[6], ARGV[3], key)
      fresh[#fresh + 1] = key
    end
  end
end

if ARGV[8] ~= '' then
  local gone = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. ARGV[8], 'LIMIT', 0, 1000)
  for _, id in ipairs(gone) do
    redis.call('HDEL', KEYS[3], id)
    redis.call('ZREM', KEYS[4], id)
  end
end

-- Merged into what stands there, so that an edit made during the poll survives. A Feed has no lists:
-- cjson could not tell an empty one from an empty object.
local feed = cjson.decode(stored)
for field, value in pairs(cjson.decode(ARGV[5])) do
  feed[field] = value
end
if feed.title == '' and feed.printed_title then
  feed.title = feed.printed_title
end
feed.printed_title = nil
feed.articles = (feed.articles or 0) + #fresh
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(feed))

if ARGV[4] == '' then
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('ZADD', KEYS[2], 'XX', ARGV[4], ARGV[1])
end

local keys = #fresh == 0 and '[]' or cjson.encode(fresh)
redis.call('HSET', KEYS[5], 'token', ARGV[2], 'keys', keys)
redis.call('EXPIRE', KEYS[5], ARGV[10])
return fresh
