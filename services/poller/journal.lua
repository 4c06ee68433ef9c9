-- Promises: all that one poll of one feed found out is written, or nothing is. Said twice with one token, it
-- does nothing and answers the same. A removed feed is not written to. What becomes of a draft:
--   * one that no feed has brought before becomes a new article, or a new revision of one, and is pending;
--   * one that another feed has brought before does not, so that two feeds which disagree about a title
--     never take turns;
--   * one that this feed showed before, then changed and now shows again, is a revision too, unless the
--     newest one says the same: an editor took the change back;
--   * an article has at most as many revisions as ARGV 11 says; later edits are only marked seen, so that a
--     summary with a counter in it ("12 comments") does not ring for ever;
--   * 'silently' and 'undated' ones are only marked seen when this feed shows them for the first time:
--     'undated' ones if nothing of this feed was seen yet, or if they stand below one of them that was.
-- A revision table lives as long as a feed shows its article, so that no revision is ever given twice.
--
-- KEYS: 1 feeds  2 feeds_due  3 seen  4 present  5 polled  6 pending
-- ARGV: 1 feed id  2 token  3 now, ms  4 next due, ms, or '' for never  5 what changes in the feed, JSON
--       6 prefix of revisions  7 prefix of articles  8 marks last present before this, in ms, are forgotten,
--       or '' when the feed was not read  9 seconds a revision table lives  10 seconds the answer lives
--       11 most revisions of an article, and texts a mark remembers
--       then for each draft, the undated ones from the feed's end to its beginning:
--       article id, fingerprint, article JSON, 'aloud', 'silently' or 'undated'
-- Answers: nil for a removed feed, else the keys of the articles to enqueue

local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then
  return nil
end
if redis.call('HGET', KEYS[5], 'token') == ARGV[2] then
  return cjson.decode(redis.call('HGET', KEYS[5], 'keys'))
end

local first, most = 12, tonumber(ARGV[11])
-- Redis's own clock, which the sweeper reads too: a poller whose clock is wrong must not delay it.
local clock = redis.call('TIME')
local enqueued = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000))

-- Undated drafts before this one are older than what was seen; false: no undated one was seen.
local lowest_known = false
for i = first, #ARGV, 4 do
  if ARGV[i + 3] == 'undated' and redis.call('HEXISTS', KEYS[3], ARGV[i]) == 1 then
    lowest_known = i
    break
  end
end
local nothing_seen = redis.call('EXISTS', KEYS[3]) == 0

local function is_silent(i)
  local manner = ARGV[i + 3]
  return manner == 'silently'
    or manner == 'undated' and (nothing_seen or lowest_known and i < lowest_known)
end

-- The number of the newest revision and its fingerprint; 0 where there is none.
local function newest(revisions)
  local number, fingerprint = 0, ''
  local all = redis.call('HGETALL', revisions)
  for j = 1, #all, 2 do
    if tonumber(all[j + 1]) > number then
      number, fingerprint = tonumber(all[j + 1]), all[j]
    end
  end
  return number, fingerprint
end

local fresh = {}
for i = first, #ARGV, 4 do
  local id, fingerprint, article = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local revisions = ARGV[6] .. id
  redis.call('ZADD', KEYS[4], ARGV[3], id)
  -- A mark holds the texts that this feed has shown, the newest first.
  local shown = {}
  local mark = redis.call('HGET', KEYS[3], id)
  for text in string.gmatch(mark or '', '%S+') do
    shown[#shown + 1] = text
  end
  if shown[1] ~= fingerprint then
    local kept, taken_back = { fingerprint }, false
    for _, text in ipairs(shown) do
      taken_back = taken_back or text == fingerprint
      if text ~= fingerprint and #kept < most then
        kept[#kept + 1] = text
      end
    end
    redis.call('HSET', KEYS[3], id, table.concat(kept, ' '))
    if mark or not is_silent(i) then
      local number, current = newest(revisions)
      local is_new = redis.call('HEXISTS', revisions, fingerprint) == 0
      if number < most and (is_new or taken_back and current ~= fingerprint) then
        redis.call('HSET', revisions, fingerprint, number + 1)
        local key = id .. ':' .. (number + 1)
        redis.call('SET', ARGV[7] .. key, article)
        redis.call('ZADD', KEYS[6], enqueued, key)
        fresh[#fresh + 1] = key
      end
    end
  end
  redis.call('EXPIRE', revisions, ARGV[9])
end

if ARGV[8] ~= '' then
  local gone = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. ARGV[8], 'LIMIT', 0, 1000)
  for _, id in ipairs(gone) do
    redis.call('HDEL', KEYS[3], id)
    redis.call('ZREM', KEYS[4], id)
  end
else
  -- Not read, as nothing was new or something was wrong: what stood there last may still stand there.
  local last = redis.call('ZREVRANGE', KEYS[4], 0, 0, 'WITHSCORES')
  if last[2] then
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], last[2], last[2], 'LIMIT', 0, 1000)) do
      redis.call('EXPIRE', ARGV[6] .. id, ARGV[9])
    end
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
