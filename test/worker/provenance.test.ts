import { expect, test } from 'vitest';
import { accountSchema } from '../../src/portal/wire.ts';
import { createdByBatch } from '../../src/worker/create/provenance.ts';
import { accountDto } from '../portal/answers.ts';

const MINUTE_MS = 60_000;
const redisNow = Date.UTC(2026, 6, 1, 12, 0, 5);
const acceptedAt = redisNow - 5000;

interface Story {
  /** When the account was registered, after the batch was accepted, in true time. */
  afterMs: number;
  /** Lead of the portal's clock over ours. */
  aheadMs?: number;
  createdBy?: string;
  ownerId?: string;
  /** Lead of the portal's clock when the batch was accepted, if the portal reported its time. */
  aheadAtAcceptanceMs?: number;
  /** Lead of the portal's clock when the account was registered. */
  aheadAtCreationMs?: number;
}

function isOurs(story: Story): boolean {
  const { afterMs, aheadMs = 0, createdBy, ownerId, aheadAtAcceptanceMs } = story;
  const aheadAtCreationMs = story.aheadAtCreationMs ?? aheadMs;
  const { createdBy: _, registrationDate, ...account } = accountSchema.parse(accountDto);
  return createdByBatch({
    account: {
      ...account,
      registrationDate: acceptedAt + afterMs + aheadAtCreationMs,
      ...(createdBy === undefined ? {} : { createdBy }),
    },
    acceptedAt,
    answeredAt: redisNow + aheadMs,
    redisNow,
    ownerId,
    ...(aheadAtAcceptanceMs === undefined
      ? {}
      : { acceptedOnPortal: acceptedAt + aheadAtAcceptanceMs }),
  });
}

const clocks = [
  ['the same', 0],
  ['10 minutes ahead', 10 * MINUTE_MS],
  ['10 minutes behind', -10 * MINUTE_MS],
] as const;

test.each(clocks)(
  "with the portal's clock %s, only accounts since the batch are ours",
  (...given) => {
    const [, aheadMs] = given;
    expect(isOurs({ afterMs: 0, aheadMs })).toBe(true);
    expect(isOurs({ afterMs: 4000, aheadMs })).toBe(true);
    expect(isOurs({ afterMs: -3000, aheadMs })).toBe(false);
    expect(isOurs({ afterMs: -24 * 60 * MINUTE_MS, aheadMs })).toBe(false);
  },
);

test.each([10, -10])(
  "a portal's clock that jumps by %d minutes on the way does not disown an account",
  (minutes) => {
    const jumped = { afterMs: 4000, aheadAtAcceptanceMs: 0, aheadMs: minutes * MINUTE_MS };
    expect(isOurs({ ...jumped, aheadAtCreationMs: 0 })).toBe(true);
    expect(isOurs({ ...jumped, aheadAtCreationMs: minutes * MINUTE_MS })).toBe(true);
    const dayBefore = { ...jumped, afterMs: -24 * 60 * MINUTE_MS };
    expect(isOurs({ ...dayBefore, aheadAtCreationMs: 0 })).toBe(false);
  },
);

test('the placeholder creator of portals up to 3.6.1 is nobody, not somebody else', () => {
  const createdBy = '4a515a15-d4d6-4b8e-828e-e0586f18f3a3';
  expect(isOurs({ afterMs: 1000, createdBy, ownerId: 'me' })).toBe(true);
});

test('whole seconds do not make an account older than its batch', () => {
  // Accepted at 12:00:00.999, registered 1 ms later and stored as 12:00:01, `Date` cut to 12:00:05.
  const cut = (time: number) => Math.floor(time / 1000) * 1000;
  const accepted = acceptedAt + 999;
  const found = (registeredAt: number) => ({
    account: { ...accountSchema.parse(accountDto), registrationDate: cut(registeredAt) },
    acceptedAt: accepted,
    redisNow: redisNow + 999,
    answeredAt: cut(redisNow + 999),
    ownerId: undefined,
  });
  expect(createdByBatch(found(accepted + 1))).toBe(true);
  expect(createdByBatch(found(accepted))).toBe(true);
  expect(createdByBatch(found(accepted - 10_000))).toBe(false);
});

test.each<[string | undefined, string | undefined, boolean]>([
  ['me', 'me', true],
  ['somebody', 'me', false],
  [undefined, 'me', true],
  ['me', undefined, true],
])('made by %j, our key being of %j: ours is %j', (createdBy, ownerId, ours) => {
  const story = {
    afterMs: 1000,
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(ownerId === undefined ? {} : { ownerId }),
  };
  expect(isOurs(story)).toBe(ours);
});

test('an account without a date is not called ours', () => {
  const { registrationDate: _, ...account } = accountSchema.parse(accountDto);
  const when = { acceptedAt, answeredAt: redisNow, redisNow, ownerId: undefined };
  expect(createdByBatch({ account, ...when })).toBe(false);
});
