import { z } from 'zod';
import { defineScript } from './script.ts';

/** States whose rows are counted in a sample, in this order. */
export const sampledStates = ['created', 'existing', 'failed', 'cancelled'] as const;

/** Time between samples, and for how long after the first one the short time holds, ms. */
const STEP_MS = 10_000;
const LATER_STEP_MS = 60_000;
const SHORT_FOR_MS = 600_000;

/**
 * Samples of a batch; then every second one goes. Six hours take 400. A sample has 20 to 45 bytes, so
 * a batch of any age has 20 KB at most.
 */
const MOST_SAMPLES = 400;

/**
 * Lua: adds a sample of a batch when one is due, or with \`isNeeded\` in any case. After a time
 * without any, one more stands at its beginning: nothing moved in between. A damaged list must stop
 * nobody.
 */
export const sample = `
local function addSample(course, states, now, isNeeded)
  local function ageOf(text)
    return text and now - tonumber(string.match(text, '^%d+')) or nil
  end
  local counts = ''
  for _, state in ipairs({ ${sampledStates.map((state) => `'${state}'`).join(', ')} }) do
    counts = counts .. string.format(' %d', redis.call('BITCOUNT', states .. state))
  end
  local first = ageOf(redis.call('LINDEX', course, 0))
  local last = ageOf(redis.call('LINDEX', course, -1))
  local step = first and first > ${SHORT_FOR_MS} and ${LATER_STEP_MS} or ${STEP_MS}
  -- Spans are as long as a step, and rows settle at any time in them.
  if last and last < step * 0.8 and not isNeeded then return end
  if last and last > step * 3 then
    redis.call('RPUSH', course, string.format('%.0f', now - last + step) .. counts)
  end
  redis.call('RPUSH', course, string.format('%.0f', now) .. counts)
  if redis.call('LLEN', course) <= ${MOST_SAMPLES} then return end
  local all = redis.call('LRANGE', course, 0, -1)
  redis.call('DEL', course)
  for index = #all % 2 == 0 and 2 or 1, #all, 2 do redis.call('RPUSH', course, all[index]) end
end
local function sample(course, states, now, isNeeded)
  pcall(addSample, course, states, now, isNeeded)
end
`;

/** Adds a sample now. */
export const sampleNow = defineScript({
  keys: ['course', 'states'],
  uses: [sample],
  reply: z.number(),
  source: `
sample(course, states, nowMs(), true)
return 1
`,
});
