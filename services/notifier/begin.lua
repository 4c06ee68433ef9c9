-- Promises that what is attempted from here on is superseded no more: it may reach its receiver.
--
-- KEYS: untried. ARGV: for each delivery its id and the sequence of the alert that it tells, as read.
-- Answers for each 1, or 0 when a newer alert took its place since it was read: read it again first.

local untried = KEYS[1]
local answers = {}
for i = 1, #ARGV, 2 do
  local told = string.match(redis.call('HGET', untried, ARGV[i]) or '', ':(%d+)$')
  if told and told ~= ARGV[i + 1] then
    answers[#answers + 1] = 0
  else
    redis.call('HDEL', untried, ARGV[i])
    answers[#answers + 1] = 1
  end
end
return answers
