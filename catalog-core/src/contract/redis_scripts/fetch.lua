-- KEYS: body, floor, lease. ARGV: wanted position, token, lease ms, floor ms, least horizon.
local floor = redis.call('GET', KEYS[2])
if not floor or floor < ARGV[1] then
  floor = ARGV[1]
  -- Anybody can ask for what does not exist, so no known version leaves no key behind.
  if string.sub(floor, 22) ~= '00000000000000000000' then
    redis.call('SET', KEYS[2], floor, 'PX', ARGV[4])
  end
end
local body = redis.call('GET', KEYS[1])
if body then
  if string.sub(body, 1, 2) == '1 ' and string.sub(body, 3, 43) >= floor then
    if string.sub(body, 66, 85) >= ARGV[5] then
      return body
    end
    -- This caller cannot prove it any more, others may: it stays until it is replaced.
  else
    redis.call('DEL', KEYS[1])
  end
end
if redis.call('SET', KEYS[3], ARGV[2], 'NX', 'PX', ARGV[3]) then
  return 'lease'
end
return 'wait'
