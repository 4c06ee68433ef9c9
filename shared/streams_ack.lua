-- Promises that entries are acknowledged and the group's saved position follows, in one step.
--
-- A fragment: it defines acknowledge() for the scripts that are registered with it in front, so that a
-- service can write its result and acknowledge at once. The saved position is the newest id below which
-- nothing is unacknowledged; a group that vanished is made again there. Repeating it changes nothing.

local function before(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  if seq ~= '0' then
    return ms .. '-' .. string.format('%.0f', tonumber(seq) - 1)
  end
  if ms == '0' then
    return '0-0'
  end
  return string.format('%.0f', tonumber(ms) - 1) .. '-18446744073709551615'
end

local function acknowledge(stream, group, position, ids)
  -- A server that forgot the group (restored, flushed) has nothing to acknowledge: the entries come again.
  local known = redis.call('EXISTS', stream) == 1 and redis.call('XINFO', 'GROUPS', stream) or {}
  for _, flat in ipairs(known) do
    local info = {}
    for i = 1, #flat, 2 do
      info[flat[i]] = flat[i + 1]
    end
    if info['name'] == group then
      local done = redis.call('XACK', stream, group, unpack(ids))
      local lowest = redis.call('XPENDING', stream, group)[2]
      redis.call('SET', position, lowest and before(lowest) or info['last-delivered-id'])
      return done
    end
  end
  return 0
end
