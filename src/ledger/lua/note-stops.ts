import { z } from 'zod';
import { defineScript } from './script.ts';

/** Stops that are remembered, of the whole prefix: 80 bytes each. */
const MOST_STOPS = 400;

/** Stops that may still be open, or be continued, are among the newest. */
const NEWEST = 12;

/** Waits that follow each other within this time are shown as one, ms. */
const GAP_MS = 15_000;

/**
 * Lua: notes that a stop began, or, with \`till\`, that it lasts until then. One of the same kind and
 * code that is open, or ended just now, continues. The note is for readers alone: a damaged list
 * must not stop a hold.
 */
export const noteStop = `
local function beginStop(stops, kind, code, till)
  local now, size = nowMs(), redis.call('LLEN', stops)
  for index = size - 1, math.max(0, size - ${NEWEST}), -1 do
    local isRead, stop = pcall(cjson.decode, redis.call('LINDEX', stops, index))
    if isRead and stop.kind == kind and stop.code == code then
      if not stop.till then return end
      if till and stop.till >= now - ${GAP_MS} then
        stop.till = math.max(stop.till, till)
        redis.call('LSET', stops, index, cjson.encode(stop))
        return
      end
    end
  end
  redis.call('RPUSH', stops, cjson.encode({ kind = kind, code = code, from = now, till = till }))
  redis.call('LTRIM', stops, -${MOST_STOPS}, -1)
end
local function noteStop(stops, kind, code, till)
  pcall(beginStop, stops, kind, code, till)
end
`;

/** Ends what is open of the kinds in the list. */
export const endStops = defineScript({
  keys: ['stops'],
  reply: z.number(),
  source: `
local kinds, now, size = {}, nowMs(), redis.pcall('LLEN', stops)
if type(size) ~= 'number' then return 0 end
for index = list, #ARGV do kinds[ARGV[index]] = true end
for index = size - 1, math.max(0, size - ${NEWEST}), -1 do
  local isRead, stop = pcall(cjson.decode, redis.call('LINDEX', stops, index))
  if isRead and kinds[stop.kind] and (not stop.till or stop.till > now) then
    stop.till = now
    redis.call('LSET', stops, index, cjson.encode(stop))
  end
end
return 1
`,
});
