"""How is the pace counted inside Redis? Two scripts, each one step that nobody can interrupt.

KEYS: 1 what is known of the organisation (hash), 2 its calls of the window, 3 its calls in flight,
4 what is known of the app, 5 the app's calls of the window; when leaving 6, how many calls were answered how.
All times are milliseconds of Redis' own clock.
"""

_NOW = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
"""

# ARGV: 1 call id, 2 window, 3 calls allowed in it, 4 calls allowed in flight, 5 percent of the day that is kept,
# 6 calls allowed to the app, 7 lease of a call in flight. Answers {may, wait, cause}.
ENTER = (
    _NOW
    + """
local id, window = ARGV[1], tonumber(ARGV[2])
local in_window, in_flight, kept = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local in_app, lease = tonumber(ARGV[6]), tonumber(ARGV[7])
local day_ms = 86400000

local function told(key)
  local till = tonumber(redis.call('HGET', key, 'blocked_until') or '0')
  return till - now
end

-- When the call that stands in the way falls out of the window, or nil when there is room.
local function until_room(key, allowed)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  local count = redis.call('ZCARD', key)
  if count < allowed then return nil end
  local oldest = redis.call('ZRANGE', key, count - allowed, count - allowed, 'WITHSCORES')
  return math.max(1, tonumber(oldest[2]) + window - now)
end

local pause = math.max(told(KEYS[1]), told(KEYS[4]))
if pause > 0 then return {0, pause, 'told'} end

local seen = redis.call('HMGET', KEYS[1], 'born', 'known', 'day', 'day_until', 'day_full')
local born = tonumber(seen[1])
if not born then
  born = now
  redis.call('HSET', KEYS[1], 'born', now)
end
-- Nothing is known of the calls before `born`: one at a time, until an answer says what is left or a whole
-- window has gone by. Where no window is counted, nothing is to be learned.
local known = in_window <= 0 or seen[2] or now - born >= window
if not known then in_flight = 1 end

redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
if redis.call('ZCARD', KEYS[3]) >= in_flight then return {0, 50, 'flight'} end

local day, day_until = tonumber(seen[3]), tonumber(seen[4] or '0')
if day and now < day_until and day <= math.floor(tonumber(seen[5]) * kept / 100) then
  return {0, day_until - now, 'day'}
end

if in_window > 0 then
  local wait = until_room(KEYS[2], in_window)
  if wait then return {0, wait, 'minute'} end
end
if in_app > 0 then
  local wait = until_room(KEYS[5], in_app)
  if wait then return {0, wait, 'minute'} end
end

if in_window > 0 then
  redis.call('ZADD', KEYS[2], now, id)
  redis.call('PEXPIRE', KEYS[2], window)
end
if in_app > 0 then
  redis.call('ZADD', KEYS[5], now, id)
  redis.call('PEXPIRE', KEYS[5], window)
end
redis.call('ZADD', KEYS[3], now + lease, id)
redis.call('PEXPIRE', KEYS[3], lease)
redis.call('PEXPIRE', KEYS[1], day_ms)
return {1, 0, ''}
"""
)

# ARGV: 1 call id, 2 window, 3 calls allowed in it, 4 X-MinLimit-Remaining or -1, 5 X-DayLimit-Remaining or -1,
# 6 how long a 429 told us to stay away or 0, 7 whether that was the whole app's limit; then, in pairs, a service with
# its answer, and how many calls had it.
LEAVE = (
    _NOW
    + """
local id, window, in_window = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local minute, day = tonumber(ARGV[4]), tonumber(ARGV[5])
local pause, of_app = tonumber(ARGV[6]), ARGV[7] == '1'
local day_ms, hour_ms = 86400000, 3600000

redis.call('ZREM', KEYS[3], id)
for n = 8, #ARGV - 1, 2 do redis.call('HINCRBY', KEYS[6], ARGV[n], ARGV[n + 1]) end

local learned = redis.call('HMGET', KEYS[1], 'born', 'known')
local complete = learned[2] or (learned[1] and now - tonumber(learned[1]) >= window)
if minute >= 0 and in_window > 0 and not complete then
  -- Xero counted calls that our log does not hold (it was lost): they take their place as if made now.
  local unseen = math.min(in_window, in_window + 2 - minute) - redis.call('ZCARD', KEYS[2])
  for n = 1, unseen do redis.call('ZADD', KEYS[2], now, id .. ':' .. n) end
  if unseen > 0 then redis.call('PEXPIRE', KEYS[2], window) end
  redis.call('HSET', KEYS[1], 'known', 1)
end

if day >= 0 then
  -- The headers never name the full budget: it is one of Xero's two (1,000 or 5,000 a day).
  local full = math.max(tonumber(redis.call('HGET', KEYS[1], 'day_full') or '0'), day <= 1000 and 1000 or 5000)
  redis.call('HSET', KEYS[1], 'day', day, 'day_full', full, 'day_until', now + hour_ms)
end

if pause > 0 then
  local key = of_app and KEYS[4] or KEYS[1]
  local till = math.max(now + pause, tonumber(redis.call('HGET', key, 'blocked_until') or '0'))
  redis.call('HSET', key, 'blocked_until', till)
  redis.call('PEXPIRE', key, math.max(day_ms, pause))
end
redis.call('PEXPIRE', KEYS[1], day_ms)
return 1
"""
)
