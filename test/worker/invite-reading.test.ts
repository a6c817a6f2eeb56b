import { expect, test } from 'vitest';
import { done } from '../../src/worker/outcome.ts';
import { people } from '../support/people.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

/** A batch of three who are created, in which something happens once its invite is noted as sending. */
async function disturbed(disturb: (at: HandlerCase) => Promise<unknown>): Promise<HandlerCase> {
  const at = await openCase({ rows: people(3), plan: () => undefined });
  await at.created(0, 1, 2);
  const { portal } = at.deps;
  let isDisturbed = false;
  at.deps.portal = {
    ...portal,
    invite: async (...given) => {
      if (!isDisturbed) await disturb(at);
      isDisturbed = true;
      return portal.invite(...given);
    },
  };
  return at;
}

test('a row that is damaged while the invite is sent: the portal has no request, and none is counted', async () => {
  const damaged = { 1: '{"file":' };
  const key = (at: HandlerCase) => `${at.stage.ledger.keys.rows(at.batch)}0`;
  let whole: string | null = null;
  const at = await disturbed(async ({ stage, batch }) => {
    whole = await stage.redis.hget(`${stage.ledger.keys.rows(batch)}0`, '1');
    await stage.redis.hset(`${stage.ledger.keys.rows(batch)}0`, damaged);
  });
  await expect(at.invite()).rejects.toThrow('row 1 is damaged');
  expect(at.stage.asked).toEqual([]);
  expect(await at.stage.report(at.batch)).toMatchObject({ inviteRequests: 0, invited: 0 });
  await at.stage.redis.hset(key(at), { 1: whole ?? '' });
  expect(await at.invite()).toEqual(done('invited 3'));
  const report = { inviteRequests: 1, unansweredInvites: 0, invited: 3 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('Redis is lost while the invite is sent: the request is sent again, and the report counts both', async () => {
  const at = await disturbed(async ({ stage }) => stage.redis.disconnect());
  await expect(at.invite()).rejects.toThrow('Connection is closed');
  expect(at.stage.asked).toEqual([]);
  await at.stage.redis.connect();
  expect(await at.invite()).toEqual(done('invited 3'));
  const report = { inviteRequests: 2, unansweredInvites: 1, invited: 3 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});
