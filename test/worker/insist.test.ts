import { expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { timings } from '../../src/timings.ts';
import { insist } from '../../src/worker/insist.ts';

/** Settings with a log of what was said. */
function settings() {
  const said: string[] = [];
  const logger = createLogger({ level: 'warn', destination: { write: (line) => said.push(line) } });
  return { said, logger, timings: { ...timings, insistRepeatMs: 10 } };
}

function refusal(): Error {
  return Object.assign(new Error('MISCONF disk full'), { name: 'ReplyError' });
}

test('a note that Redis refuses is written again until it is taken', async () => {
  let tries = 0;
  const { said, ...quick } = settings();
  const taken = await insist(async () => {
    tries += 1;
    if (tries < 3) throw refusal();
    return 'taken';
  }, quick);
  expect([taken, tries]).toEqual(['taken', 3]);
  expect(said).toEqual([expect.stringContaining('MISCONF disk full')]);
});

test("any other error is the caller's", async () => {
  const fault = new Error('WRONGTYPE');
  await expect(insist(() => Promise.reject(fault), settings())).rejects.toBe(fault);
});
