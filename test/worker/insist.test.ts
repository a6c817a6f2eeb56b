import { expect, test } from 'vitest';
import { timings } from '../../src/timings.ts';
import { insist } from '../../src/worker/insist.ts';

const quick = { ...timings, insistRepeatMs: 10 };

function refusal(): Error {
  return Object.assign(new Error('MISCONF disk full'), { name: 'ReplyError' });
}

test('a note that Redis refuses is written again until it is taken', async () => {
  let tries = 0;
  const taken = await insist(async () => {
    tries += 1;
    if (tries < 3) throw refusal();
    return 'taken';
  }, quick);
  expect([taken, tries]).toEqual(['taken', 3]);
});

test("any other error is the caller's", async () => {
  const fault = new Error('WRONGTYPE');
  await expect(insist(() => Promise.reject(fault), quick)).rejects.toBe(fault);
});
