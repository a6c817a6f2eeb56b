import { expect, test, vi } from 'vitest';
import { people } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';
import { openCase } from './handler-case.ts';

/** The commands that the worker's connection sends. */
async function commandsOf({ redis }: Stage, work: () => Promise<unknown>): Promise<string[]> {
  const sending = vi.spyOn(redis, 'sendCommand');
  await work();
  const names = sending.mock.calls.map(([{ name }]) => name);
  sending.mockRestore();
  // A server that does not know a script yet gets its source, once.
  return names.filter((name) => name !== 'eval');
}

/** A batch of which one person is created: the first answer of the portal notes its clock. */
async function begun(options: Parameters<typeof openCase>[0] = {}) {
  const at = await openCase({ rows: people(2), ...options });
  await at.createUser(1);
  return at;
}

test('a person who is created takes two trips to Redis, besides those of BullMQ', async () => {
  const at = await begun();
  expect(await commandsOf(at.stage, () => at.createUser())).toEqual(['evalsha', 'evalsha']);
  expect(await at.states()).toEqual(['created', 'created']);
});

test('one who has an account takes a third, between the refusal and the lookup', async () => {
  const at = await begun({ sandbox: { existing: ['p0@example.com'] } });
  const commands = await commandsOf(at.stage, () => at.createUser());
  expect(commands).toEqual(['evalsha', 'evalsha', 'evalsha']);
  expect(await at.states()).toEqual(['existing', 'created']);
});

test('one whose answer was lost takes two for the creation, and three for the lookup', async () => {
  let posts = 0;
  const at = await begun({
    plan: ({ what }) => {
      if (what === 'POST /people') posts += 1;
      return what === 'POST /people' && posts === 2 ? { after: 'reset' } : undefined;
    },
    deps: { lookUpDelayMs: 0 },
  });
  expect(await commandsOf(at.stage, () => at.createUser())).toEqual(['evalsha', 'evalsha']);
  const commands = await commandsOf(at.stage, () => at.createUser(0, { number: 2 }));
  expect(commands).toEqual(['evalsha', 'hget', 'evalsha']);
  expect(await at.states()).toEqual(['created', 'created']);
});
