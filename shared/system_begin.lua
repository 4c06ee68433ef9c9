-- Promises that a trouble is noted and rung together, and only if it was not noted before; answers whether.
--
-- KEYS: the conditions, the alert stream. ARGV: its key, the condition as rung, the alert.

if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return 0
end
redis.call('XADD', KEYS[2], '*', 'alert', ARGV[3])
return 1
