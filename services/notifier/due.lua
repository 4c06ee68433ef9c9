-- Promises the lanes that are to be visited, longest waiting first: those that fare well, and those that fail, so that
-- neither hides the other.
--
-- KEYS: lanes, failures. ARGV: now (ms), at most so many that fare well, at most so many that fail, then the
-- subscriptions that are served already. Answers two lists.

local lanes, failures = KEYS[1], KEYS[2]
local now, most_well, most_failing = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local served = {}
for i = 4, #ARGV do
  served[ARGV[i]] = true
end

local well, failing, from = {}, {}, 0
while #well < most_well or #failing < most_failing do
  local some = redis.call('ZRANGEBYSCORE', lanes, '-inf', now, 'LIMIT', from, 500)
  if #some == 0 then
    break
  end
  from = from + #some
  local counts = redis.call('HMGET', failures, unpack(some))
  for i, id in ipairs(some) do
    local list, most = well, most_well
    if counts[i] then
      list, most = failing, most_failing
    end
    if not served[id] and #list < most then
      list[#list + 1] = id
    end
  end
end
return {well, failing}
