-- KEYS: body, floor, lease. ARGV: position, token, body, body ms.
if redis.call('GET', KEYS[3]) ~= ARGV[2] then
  return 'lease'
end
redis.call('DEL', KEYS[3])
local floor = redis.call('GET', KEYS[2])
if floor and ARGV[1] < floor then
  return 'floor'
end
local body = redis.call('GETRANGE', KEYS[1], 0, 42)
if string.sub(body, 1, 2) == '1 ' and string.sub(body, 3, 43) > ARGV[1] then
  return 'newer'
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
return 'filled'
