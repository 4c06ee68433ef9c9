-- One article's whole consequence, or nothing: incidents, their filing, the alerts on the stream, and the
-- article's removal from pending. A plan without an article (a hand's work, a bell that waited) changes
-- incidents alone. Promises:
--   * a second run for the same article changes nothing (it is no longer pending): 'done';
--   * nothing is written unless every bucket that was read still has the version that was read, the empty
--     ones too, so that two first reports can't both open an incident: 'conflict';
--   * all checks stand before the first write, because a script is not rolled back.
-- KEYS: pending, attempts, article, contribution, alerts, considered, incidents
-- ARGV: the plan as JSON (strings inside it, such as incidents, are opaque and never re-encoded)
local pending, attempts, article, contribution, alerts, considered, incidents = unpack(KEYS)
local plan = cjson.decode(ARGV[1])

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
  local version = tonumber(redis.call('HGET', guard[1], 'version') or '0')
  if version ~= guard[2] then
    return 'conflict'
  end
end

-- A changed incident may match differently, so every bucket it was ever filed in counts as changed: the
-- list of those stands beside the incident.
local touched = {}
for _, incident in ipairs(plan.incidents) do
  local filed = incident.filed
  redis.call('SET', incident.key, incident.json, 'EX', plan.keep.incident)
  redis.call('ZADD', incidents, incident.changed, incident.id)
  redis.call('ZREMRANGEBYSCORE', incidents, '-inf', incident.changed - plan.keep.incident * 1000)
  -- Who was told of it must be known as long as it may be corrected, also after a silent change.
  redis.call('EXPIRE', incident.told, plan.keep.told)
  for _, bucket in ipairs(incident.buckets) do
    redis.call('HSET', bucket, incident.id, '1')
    redis.call('SADD', filed, bucket)
  end
  redis.call('EXPIRE', filed, plan.keep.bucket)
  for _, bucket in ipairs(redis.call('SMEMBERS', filed)) do
    touched[bucket] = true
  end
end
for bucket in pairs(touched) do
  redis.call('HINCRBY', bucket, 'version', 1)
  redis.call('EXPIRE', bucket, plan.keep.bucket)
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
