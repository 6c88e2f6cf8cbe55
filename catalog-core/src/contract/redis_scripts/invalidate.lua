-- KEYS: body, floor, lease. ARGV: position, floor ms.
local floor = redis.call('GET', KEYS[2])
if not floor or floor < ARGV[1] then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
local head = redis.call('GETRANGE', KEYS[1], 0, 42)
if head ~= '' and (string.sub(head, 1, 2) ~= '1 ' or string.sub(head, 3, 43) < ARGV[1]) then
  return redis.call('DEL', KEYS[1])
end
return 0
