import { expect, test } from 'vitest';
import { makeCode } from '../../src/console/auth/codes.ts';
import { createLinkAuth } from '../../src/console/auth/link-auth.tsx';
import { createLogger } from '../../src/process/logger.ts';
import { openStage, type Stage, TEST_KEY } from '../support/stage.ts';
import { browserOn, signInParts, tokenIn } from './auth/auth-case.ts';
import { notingOn } from './auth/noting.ts';
import { consoleOn, SYSTEM, TOKEN } from './console-case.ts';
import { ANYTHING, addressesOf, markedBatches, PERSON, wholeAnswer } from './marked-case.ts';
import { uploadingConsole } from './upload-case.ts';

/** Secrets of a session, and words that people typed. */
const TYPED = new RegExp(`${PERSON.source}|${TOKEN}|${TEST_KEY}|typedword`, 'i');

function collecting() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, logger: createLogger({ level: 'trace', destination }) };
}

/** Every entry of the action log, as Redis has it. */
async function actionLog({ redis, ledger }: Stage): Promise<string> {
  return JSON.stringify(await redis.xrange(ledger.keys.log, '-', '+'));
}

/** A form with every field that one of ours has, and people's words in all that take words. */
const FORM = {
  ...{ token: TOKEN, email: 'mailword1@example.com', name: 'Ottokar', password: 'typedword' },
  ...{ code: 'typedword', header: 'Ottokar', means: 'email', batch: 'Ottokar Zimtstern' },
  ...{ round: '1', people: '1', plan: 'typedword', what: 'people', sheet: 'typedword' },
};

/** Sends every form to every address that takes one; returns how they were answered. */
async function sendAll(console: ReturnType<typeof consoleOn>, batch: string, key: string) {
  const statuses = new Set<number>();
  for (const { method, path } of console.routes) {
    if (method !== 'POST') continue;
    const named = path.replace(':id', batch).replace(':key', key);
    const address = named.replace(/:row\{.*?\}\}?/, '1');
    const body = new URLSearchParams(FORM);
    const headers = { origin: 'http://localhost', host: 'localhost' };
    const { status } = await console.app.request(address, { method: 'POST', body, headers });
    statuses.add(status);
  }
  return statuses;
}

test('no name, e-mail, key or token of any page or form reaches the log or the activity', async () => {
  const { stage, paths: batches, job } = await markedBatches();
  const { lines, logger } = collecting();
  const owner = uploadingConsole(stage);
  const { location } = await owner.plan({ 'fileword.csv': 'email\nmailword7@example.com\n' });
  const key = location.split('/').at(-1) ?? '';
  const parts = { role: 'admin' as const, uploads: owner.uploads, logger };
  const console = uploadingConsole(stage, parts);
  for (const path of addressesOf(console, { batches, key, job })) await wholeAnswer(console, path);
  expect([...(await sendAll(console, 'marked', key))].sort()).toEqual([200, 303, 400, 409]);
  expect(lines.join('')).not.toMatch(ANYTHING);
  expect(lines.join('') + (await actionLog(stage))).not.toMatch(TYPED);
});

test('an error that repeats a person is logged without its words', async () => {
  const stage = await openStage();
  const { lines, logger } = collecting();
  const words = 'Unexpected token "Ottokar"\n  at {"email":"mailword1@example.com"}';
  const check = () => Promise.reject(new SyntaxError(words));
  const { app } = consoleOn(stage, 'admin', { logger, system: { ...SYSTEM, check } });
  expect((await app.request('/system')).status).toBe(500);
  expect(lines.join('')).not.toMatch(TYPED);
  const at = expect.stringContaining('log-privacy.test.ts');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: 'SyntaxError', at, path: '/system' });
});

test('what somebody types to sign in, and the session that begins, are in no log', async () => {
  const stage = await openStage();
  const { lines, logger } = collecting();
  const note = notingOn(stage, logger);
  const { parts } = signInParts(stage);
  const link = consoleOn(stage, 'viewer', { logger, auth: createLinkAuth({ ...parts, note }) });
  const ana = browserOn(link.app);
  const code = await makeCode(stage.ledger, { name: 'ana', role: 'viewer' }, stage.timings);
  const answers = [];
  for (const given of ['typedword', code, code]) {
    answers.push((await ana.post('/sign-in', { code: given })).status);
  }
  expect(answers).toEqual([401, 303, 403]);
  const secret = ana.cookie.split('=')[1] ?? '';
  expect(secret.length).toBeGreaterThan(40);
  const token = tokenIn(await (await ana.get('/people')).text());
  expect((await ana.post('/people', { token, email: 'mailword1@example.com' })).status).toBe(200);
  expect((await ana.post('/sign-out', { token })).status).toBe(303);
  expect(lines.length).toBeGreaterThan(2);
  const written = lines.join('') + (await actionLog(stage));
  for (const hidden of [code, secret, token]) expect(written).not.toContain(hidden);
  expect(written).not.toMatch(TYPED);
});
