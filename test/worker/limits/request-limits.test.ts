import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RequestLimits } from '../../../src/worker/limits/request-limits.ts';
import { NotNow } from '../../../src/worker/limits/turns.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

const ENDLESS = Number.POSITIVE_INFINITY;

/** Limits with this share, and what was sent through them. */
function opened(share = { writers: 2, perSecond: ENDLESS }, until = ENDLESS) {
  const limits = new RequestLimits({ turnMs: 1000, now: Date.now });
  limits.set({ ...share, until });
  const sent: { name: string; at: number }[] = [];
  const answers = new Map<string, () => void>();
  /** A job whose request is answered by `answer`. */
  const job = (name: string) =>
    limits.soon().then((turn) =>
      limits.run(
        () =>
          new Promise<string>((resolve) => {
            sent.push({ name, at: Date.now() - 1_000_000 });
            answers.set(name, () => resolve(name));
          }),
        turn,
      ),
    );
  const answer = async (name: string) => {
    answers.get(name)?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { limits, sent, job, answer, names: () => sent.map(({ name }) => name) };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const refusal = (job: Promise<unknown>) => job.catch((error: unknown) => error);

test('a request waits until a writer is free, in the order of the turns', async () => {
  const { job, answer, names, limits } = opened();
  const jobs = ['a', 'b', 'c', 'd'].map(job);
  await settle();
  expect(names()).toEqual(['a', 'b']);
  expect(limits.inUse).toBe(2);
  await answer('b');
  expect(names()).toEqual(['a', 'b', 'c']);
  await answer('a');
  await answer('c');
  await answer('d');
  expect(await Promise.all(jobs)).toEqual(['a', 'b', 'c', 'd']);
  limits.set({ writers: 0, perSecond: 0, until: ENDLESS });
  expect(limits.inUse).toBe(0);
});

test('a share counts as used while it lasts, and requests in flight until they end', async () => {
  const { limits, job, answer } = opened({ writers: 3, perSecond: ENDLESS }, 1_000_500);
  expect(limits.inUse).toBe(3);
  void job('a');
  await settle();
  await vi.advanceTimersByTimeAsync(500);
  expect(limits.inUse).toBe(1);
  await answer('a');
  expect(limits.inUse).toBe(0);
});

test('requests leave at an even pace, and what a hang lost is made up for 0.2 s', async () => {
  const { job, sent } = opened({ writers: 1000, perSecond: 25 });
  for (let index = 0; index < 100; index += 1) void job(String(index));
  await vi.advanceTimersByTimeAsync(2000);
  // 200 ms were free before the first.
  expect(sent.slice(0, 6).map(({ at }) => at)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(sent.slice(6, 10).map(({ at }) => at)).toEqual([40, 80, 120, 160]);
  expect(sent).toHaveLength(6 + 50);
});

test('a turn comes shortly before its request, so that admissions are not old', async () => {
  const { limits } = opened({ writers: 10, perSecond: 1 });
  const turns: number[] = [];
  for (let index = 0; index < 3; index += 1) {
    void limits.soon().then(() => turns.push(Date.now() - 1_000_000));
  }
  await vi.advanceTimersByTimeAsync(5000);
  expect(turns).toEqual([0, 700, 1700]);
});

test('what the portal says now refuses the turns that were taken before', async () => {
  const { limits, job, answer, names } = opened({ writers: 1, perSecond: ENDLESS });
  void job('a');
  const waiting = refusal(job('b'));
  await settle();
  limits.turnBack();
  expect(await waiting).toBeInstanceOf(NotNow);
  void job('c');
  await answer('a');
  expect(names()).toEqual(['a', 'c']);
});

test('a turn that waits for the pace is refused, too, and one that comes too late is not sent', async () => {
  const { limits, job, answer, names } = opened({ writers: 1, perSecond: 0.1 });
  void job('a');
  await settle();
  const paced = refusal(job('b'));
  await settle();
  limits.turnBack();
  expect(await paced).toBeInstanceOf(NotNow);
  const late = refusal(job('c'));
  await settle();
  await vi.advanceTimersByTimeAsync(1001);
  await answer('a');
  expect(await late).toBeInstanceOf(NotNow);
  expect(names()).toEqual(['a']);
});

test('nothing is sent after the end of a share, and what waited is asked for anew', async () => {
  const { limits, job, names } = opened({ writers: 1, perSecond: ENDLESS }, 1_000_500);
  await vi.advanceTimersByTimeAsync(500);
  const waiting = refusal(job('a'));
  await settle();
  expect(names()).toEqual([]);
  limits.set({ writers: 1, perSecond: ENDLESS, until: ENDLESS });
  expect(await waiting).toBeInstanceOf(NotNow);
  void job('b');
  await settle();
  expect(names()).toEqual(['b']);
});

test('without a share no job starts, but an invite that has begun ends, one request at a time', async () => {
  const { limits, job, names } = opened({ writers: 0, perSecond: 0 });
  expect(await refusal(job('a'))).toBeInstanceOf(NotNow);
  let most = 0;
  const invite = () => {
    most = Math.max(most, limits.inUse);
    return Promise.resolve('answer');
  };
  expect(await Promise.all([limits.run(invite), limits.run(invite)])).toEqual(['answer', 'answer']);
  expect(most).toBe(1);
  expect(names()).toEqual([]);
});

test('before the first share nothing is sent', async () => {
  const limits = new RequestLimits({ turnMs: 1000, now: Date.now });
  const sent = vi.fn(() => Promise.resolve('answer'));
  const outside = limits.run(sent);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).not.toHaveBeenCalled();
  limits.set({ writers: 1, perSecond: 5, until: ENDLESS });
  expect(await outside).toBe('answer');
});

test('a process that closes takes no turn, and lets an invite end', async () => {
  const { limits, job } = opened();
  limits.close();
  expect(await refusal(job('a'))).toBeInstanceOf(NotNow);
  expect(await limits.run(async () => 'invited')).toBe('invited');
});

test('a request that fails frees its writer', async () => {
  const { limits } = opened({ writers: 1, perSecond: ENDLESS });
  const failed = limits.run(() => Promise.reject(new Error('broken')));
  await expect(failed).rejects.toThrow('broken');
  expect(await limits.run(async () => 'next')).toBe('next');
});

test('a fast portal gets more jobs than writers, a slow one hardly any', async () => {
  const { limits, job, answer } = opened({ writers: 10, perSecond: ENDLESS });
  expect(limits.jobs).toBe(20);
  for (let index = 0; index < 100; index += 1) {
    void job(String(index));
    await settle();
    await answer(String(index));
  }
  expect(limits.jobs).toBe(30);
  for (let index = 100; index < 200; index += 1) {
    void job(String(index));
    await vi.advanceTimersByTimeAsync(5000);
    await answer(String(index));
  }
  expect(limits.jobs).toBe(11);
});
