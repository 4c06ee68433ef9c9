-- One article's whole consequence, or nothing: incidents, their filing, the alerts on the stream, and the
-- article's removal from pending. A plan without an article (a hand's work, a bell that waited) changes
-- incidents alone. Promises:
--   * a second run for the same article changes nothing (it is no longer pending): 'done';
--   * nothing is written unless every bucket that was read still has the version that was read, the empty
--     ones too, so that two first reports can't both open an incident: 'conflict'. Among the near, where
--     all of a day's reports stand, only what came since and shares a band with this article is one;
--   * what an incident counts for on its ladders is taken out and put in again with it, so that it is counted
--     once whoever changes it, and however often;
--   * all checks stand before the first write, because a script is not rolled back.
-- KEYS: pending, attempts, article, contribution, alerts, considered, incidents, waking, the stem of incidents' keys
-- ARGV: the plan as JSON; the article's bands; then each incident packed and its card, in the plan's order
--
-- A bucket is a string: a version in eight digits, then records of one size that begin with an incident's
-- number (cards: incidents/filing/cards.py). The near have one more in their version for every record.
local pending, attempts, article, contribution, alerts, considered, incidents, waking, stem = unpack(KEYS)
local plan, bands = cjson.decode(ARGV[1]), ARGV[2]
local HEADER, NUMBER, BAND, SWEEP = 8, 8, 4, 64

local function version_of(bucket)
  return tonumber(redis.call('GETRANGE', bucket, 0, HEADER - 1)) or 0
end

-- Whether a band of this article's stands, at its place, in a near record.
local function meets(record)
  for at = 1, #bands, BAND do
    if record:sub(NUMBER + at, NUMBER + at + BAND - 1) == bands:sub(at, at + BAND - 1) then
      return true
    end
  end
  return false
end

-- Where the record begins that begins with these bytes, or nil.
local function find(records, start, size)
  local at = records:find(start, 1, true)
  while at and (at - 1) % size ~= 0 do
    at = records:find(start, at + 1, true)
  end
  return at
end

-- The records without those of incidents that have expired.
local function living(records, size)
  local kept = {}
  for at = 1, #records, size do
    local record = records:sub(at, at + size - 1)
    local id = record:sub(1, NUMBER):gsub('.', function(c) return string.format('%02x', c:byte()) end)
    if redis.call('EXISTS', stem .. id) == 1 then
      kept[#kept + 1] = record
    end
  end
  return table.concat(kept)
end

-- Put a record where its incident's stands in the bucket, or at the end; where `more` is said, at the end.
local function file(bucket, record, more)
  local version, size = version_of(bucket) + 1, #record
  local count = math.max(0, redis.call('STRLEN', bucket) - HEADER) / size
  -- About as many changes apart as it has records, so that to sweep costs each change a trifle.
  if version % SWEEP == 0 and version % math.max(SWEEP, count) < SWEEP then
    local kept = living(redis.call('GETRANGE', bucket, HEADER, -1), size)
    redis.call('SET', bucket, string.format('%08d', version) .. kept)
  else
    redis.call('SETRANGE', bucket, 0, string.format('%08d', version))
  end
  local at = not more and find(redis.call('GETRANGE', bucket, HEADER, -1), record:sub(1, NUMBER), size)
  if at then
    redis.call('SETRANGE', bucket, HEADER + at - 1, record)
  else
    redis.call('APPEND', bucket, record)
  end
  redis.call('EXPIRE', bucket, plan.keep.bucket)
end

if plan.article then
  if not redis.call('ZSCORE', pending, plan.article) then
    redis.call('HDEL', attempts, plan.article)
    return 'done'
  end
  local newest = tonumber(redis.call('HGET', contribution, 'revision') or '0')
  if newest >= plan.revision then
    redis.call('ZREM', pending, plan.article)
    redis.call('HDEL', attempts, plan.article)
    redis.call('EXPIRE', article, plan.keep.article)
    return 'done'
  end
end
for _, guard in ipairs(plan.guards) do
  if version_of(guard[1]) ~= guard[2] then
    return 'conflict'
  end
end
for _, guard in ipairs(plan.near_guards) do
  local size, since = NUMBER + #bands, version_of(guard[1]) - guard[2]
  if since < 0 or (since > 0 and redis.call('STRLEN', guard[1]) < HEADER + since * size) then
    return 'conflict'
  end
  for back = 1, since do
    if meets(redis.call('GETRANGE', guard[1], -back * size, -(back - 1) * size - 1)) then
      return 'conflict'
    end
  end
end
for _, guard in ipairs(plan.ladder_guards) do
  if tonumber(redis.call('HGET', guard[1], 'version') or '0') ~= guard[2] then
    return 'conflict'
  end
end
for _, incident in ipairs(plan.read) do
  if redis.call('GETRANGE', incident[1], 0, #incident[2] - 1) ~= incident[2] then
    return 'conflict'
  end
end

for number, incident in ipairs(plan.incidents) do
  local packed, card = ARGV[2 * number + 1], ARGV[2 * number + 2]
  redis.call('SET', incident.key, packed, 'EX', plan.keep.incident)
  redis.call('ZADD', incidents, incident.changed, incident.id)
  redis.call('ZREMRANGEBYSCORE', incidents, '-inf', incident.changed - plan.keep.incident * 1000)
  -- Who was told of it must be known as long as it may be corrected, also after a silent change.
  redis.call('EXPIRE', incident.told, plan.keep.told)
  if #incident.dated > 0 then
    redis.call('SADD', incident.filing, unpack(incident.dated))
  end
  redis.call('EXPIRE', incident.filing, plan.keep.bucket)
  -- A changed incident may match differently, so every bucket it was ever filed in counts as changed: the
  -- list of those stands beside the incident.
  for _, bucket in ipairs(redis.call('SMEMBERS', incident.filing)) do
    file(bucket, card)
  end
  local id = card:sub(1, NUMBER)
  for _, bucket in ipairs(incident.near) do
    file(bucket, id .. bands, true)
  end
  for _, bucket in ipairs(incident.own) do
    file(bucket, id)
  end
end
-- ---- ladders (ADR 0014) ----
-- What an incident was counted for stands beside it, and that is what is taken out: no caller can be wrong of it.
-- An entry is {ladder's key, its incidents' key, subject, day, kind}.
local count, changed = plan.ladders, {}
for _, incident in ipairs(plan.incidents) do
  local was, net = redis.call('GET', incident.counted) or '[]', {}
  if was ~= incident.counts then
    local function tell(entries, by)
      for _, entry in ipairs(cjson.decode(entries)) do
        local name = table.concat(entry, '\n')
        net[name] = net[name] or {entry = entry, by = 0}
        net[name].by = net[name].by + by
        if by > 0 then
          redis.call('ZADD', entry[2], incident.changed, incident.id)
        else
          redis.call('ZREM', entry[2], incident.id)
        end
      end
    end
    tell(was, -1)
    tell(incident.counts, 1)
    redis.call('SET', incident.counted, incident.counts)
  end
  redis.call('EXPIRE', incident.counted, plan.keep.bucket)
  for _, each in pairs(net) do
    if each.by ~= 0 then
      local ladder, incidents_of, subject, day, kind = unpack(each.entry)
      local kinds = cjson.decode(redis.call('HGET', ladder, day) or '{}')
      local number = (kinds[kind] or 0) + each.by
      kinds[kind] = number > 0 and number or nil -- none is owed by a day that fell out in between
      if next(kinds) and day >= count.oldest then
        redis.call('HSET', ladder, day, cjson.encode(kinds))
      else
        redis.call('HDEL', ladder, day)
      end
      changed[ladder] = {subject, incidents_of}
    end
  end
end
for ladder, of in pairs(changed) do
  redis.call('HINCRBY', ladder, 'version', 1)
  for _, field in ipairs(redis.call('HKEYS', ladder)) do
    if field < count.oldest then -- the words beside the days sort behind them
      redis.call('HDEL', ladder, field)
    end
  end
  redis.call('EXPIRE', ladder, plan.keep.ladder)
  redis.call('ZREMRANGEBYSCORE', of[2], '-inf', count.now - plan.keep.bucket * 1000)
  redis.call('EXPIRE', of[2], plan.keep.bucket)
  redis.call('ZADD', count.subjects, 'GT', count.now, of[1])
end
for _, mark in ipairs(count.rang) do
  redis.call('HSET', mark[1], mark[2], mark[3])
  redis.call('HINCRBY', mark[1], 'version', 1)
end
for _, tally in ipairs(count.tallies) do
  redis.call('ZADD', tally[1], tally[2], tally[3])
  redis.call('ZREMRANGEBYRANK', tally[1], 0, -count.most_tallies - 1)
  redis.call('EXPIRE', tally[1], plan.keep.ladder)
end
if count.today and redis.call('HGET', count.observed, count.today) ~= 'live' then
  redis.call('HSET', count.observed, count.today, 'live')
  redis.call('ZREMRANGEBYSCORE', count.subjects, '-inf', count.now - plan.keep.ladder * 1000)
  for _, day in ipairs(redis.call('HKEYS', count.observed)) do
    if day < count.oldest then
      redis.call('HDEL', count.observed, day)
    end
  end
end
-- ---- end of ladders ----
-- What waits for its quiet period to end is found by when it wakes; in the same step, so that a kill
-- neither forgets it nor tells it twice.
for _, incident in ipairs(plan.incidents) do
  if incident.wakes then
    redis.call('ZADD', waking, incident.wakes, incident.id)
  else
    redis.call('ZREM', waking, incident.id)
  end
end
for _, alert in ipairs(plan.alerts) do
  redis.call('XADD', alerts, '*', 'alert', alert)
end
if plan.handwork[1] then
  redis.call('XADD', plan.handwork[1], 'MAXLEN', '~', plan.keep.handwork, '*', 'handwork', plan.handwork[2])
end
if plan.article then
  redis.call('HSET', contribution, 'revision', plan.revision, 'reason', plan.reason,
    'incidents', table.concat(plan.joined, ' '))
  redis.call('EXPIRE', contribution, plan.keep.incident)
  redis.call('HINCRBY', considered, plan.reason, 1)
  redis.call('ZREM', pending, plan.article)
  redis.call('HDEL', attempts, plan.article)
  redis.call('EXPIRE', article, plan.keep.article)
end
return 'written'
