import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { passwordOf } from '../../src/dashboard/wrong-passwords.ts';
import { createLogger } from '../../src/process/logger.ts';
import { timings } from '../../src/timings.ts';
import { waitFor } from '../support/wait-for.ts';

const credentials = { user: 'ana', password: 'a long enough password' };

function open(wrongPasswordMs: number) {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', destination: { write: (l) => void lines.push(l) } });
  const guard = passwordOf(credentials, { logger, timings: { ...timings, wrongPasswordMs } });
  const app = new Hono().use(guard).get('/', (c) => c.text('in'));
  const ask = async (password: string | undefined, remoteAddress = '203.0.113.7') => {
    const text = Buffer.from(`ana:${password}`).toString('base64');
    const headers = password === undefined ? {} : { authorization: `Basic ${text}` };
    const incoming = { socket: { remoteAddress } };
    return (await app.request('/', { headers }, { incoming })).status;
  };
  return { ask, lines };
}

it('who guesses passwords waits for each answer and is logged, without the guess', async () => {
  const { ask, lines } = open(60_000);
  const guess = ask('a wrong password');
  const first = await Promise.race([guess, ask(credentials.password, '198.51.100.1')]);
  expect(first).toBe(200);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ address: '203.0.113.7', msg: /wrong/ });
  expect(lines[0]).not.toContain('a wrong password');
});

it('who guesses many passwords at once learns nothing about most of them', async () => {
  const { ask } = open(60_000);
  const guesses = Array.from({ length: 5 }, (_, index) => ask(`guess ${index}`));
  const more = await Promise.all([ask('guess'), ask(credentials.password)]);
  expect(more).toEqual([401, 401]);
  expect(await ask(credentials.password, '198.51.100.1')).toBe(200);
  expect(guesses).toHaveLength(5);
});

it('the right password, and the first visit without one, do not wait', async () => {
  const { ask, lines } = open(60_000);
  expect(await ask(credentials.password)).toBe(200);
  expect(await ask(undefined)).toBe(401);
  expect(lines).toEqual([]);
});

it('after the wait the next guess is answered', async () => {
  const { ask } = open(20);
  await Promise.all(Array.from({ length: 5 }, () => ask('wrong')));
  await waitFor(async () => (await ask(credentials.password)) === 200);
});
