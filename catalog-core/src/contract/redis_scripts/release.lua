-- KEYS: body, floor, lease. ARGV: token.
if redis.call('GET', KEYS[3]) == ARGV[1] then
  return redis.call('DEL', KEYS[3])
end
return 0
