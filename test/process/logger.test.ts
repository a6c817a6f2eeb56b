import { describe, expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';

const KEY = `sk-${'a1'.repeat(32)}`;
const ODD_KEY = 'sk-odd_one-with-signs';
const EMAIL = 'ana.lee@example.com';

function observed(level = 'trace') {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ level, secrets: [ODD_KEY, ''], destination });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

describe('the API key is redacted', () => {
  const carriers: [string, (key: string) => [object, string]][] = [
    ['a field', (key) => [{ key }, 'm']],
    [
      'a nested field',
      (key) => [{ request: { headers: { authorization: `Bearer ${key}` } } }, 'm'],
    ],
    ['the message', (key) => [{}, `sent ${key}!`]],
    ['an error and its cause', (key) => [{ err: new Error(key, { cause: new Error(key) }) }, 'm']],
    ['the name of a field', (key) => [{ [key]: 1 }, 'm']],
    ['JSON inside a text', (key) => [{ body: JSON.stringify({ key }) }, 'm']],
  ];

  test.each(carriers)('in %s, at every level', (_, carry) => {
    const { logger, lines } = observed();
    for (const key of [KEY, ODD_KEY]) {
      for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
        logger[level](...carry(key));
      }
    }
    expect(lines).toHaveLength(12);
    for (const line of lines) {
      expect(line).toContain('[key]');
      expect(line).not.toContain(KEY);
      expect(line).not.toContain(ODD_KEY);
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });

  test('in what a child logger is bound to', () => {
    const { logger, last } = observed();
    logger.child({ key: KEY }).info('m');
    expect(last()).toMatchObject({ key: '[key]', msg: 'm' });
  });
});

describe('e-mail addresses', () => {
  test.each(['info', 'warn', 'error', 'fatal'] as const)('are masked at %s', (level) => {
    const { logger, lines, last } = observed();
    logger[level]({ email: EMAIL, list: [`<${EMAIL}>`], err: new Error(EMAIL) }, `for ${EMAIL}`);
    expect(lines.join('')).not.toContain(EMAIL);
    const masked = 'a***@example.com';
    expect(last()).toMatchObject({ email: masked, list: [`<${masked}>`], msg: `for ${masked}` });
  });

  test.each(["o'", "'", "o'n'"])('are masked when %j stands before the @', (local) => {
    const { logger, last } = observed();
    logger.info({ email: `${local}@example.com` }, 'm');
    expect(last().email).not.toContain(`${local}@`);
    expect(last().email).toContain('***@example.com');
  });

  test.each(['debug', 'trace'] as const)('stay whole at %s', (level) => {
    const { logger, last } = observed();
    logger[level]({ email: EMAIL }, 'm');
    expect(last().email).toBe(EMAIL);
  });

  test.each(['\n', '\t', '\u0001', '"', '\\'])('after %j leave a line that is JSON', (before) => {
    const { logger, last } = observed();
    logger.info({ text: `x${before}${EMAIL}${before}y` }, 'm');
    const shown = before === '\u0001' ? '\\u0001' : before;
    expect(last().text).toBe(`x${shown}a***@example.com${shown}y`);
  });
});

test('lines are JSON with level, time and message and without process and host', () => {
  const { logger, last } = observed('info');
  logger.debug('unheard');
  logger.info({ batchId: 'b1' }, 'batch sealed');
  expect(last()).toEqual({
    level: 30,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    batchId: 'b1',
    msg: 'batch sealed',
  });
});

test.each(['\u001b[2J', '\u009b2J', '\u202e', '\u0007', '\u2028', '\\\u001b'])(
  'a value %j in a log line sends no escape to the terminal, also where lines are made readable',
  (attack) => {
    const { logger, lines, last } = observed();
    logger.error({ reason: `x${attack}y`, [`k${attack}`]: 1 }, 'm');
    const texts = [lines.join('').trim(), ...Object.keys(last()), ...Object.values(last())];
    expect(texts.filter((text) => /[\p{Cc}\p{Cf}\p{Zl}]/u.test(String(text)))).toEqual([]);
  },
);

describe('a secret that JSON has to escape is redacted', () => {
  const secret = 'pass"word\\n-1';

  test.each<[string, object]>([
    ['a field', { text: `with ${secret}` }],
    ['a nested list', { list: [{ text: secret }] }],
    ['JSON inside a text', { body: JSON.stringify({ secret }) }],
    ['JSON inside JSON', { body: JSON.stringify({ body: JSON.stringify({ secret }) }) }],
    ['an address', { url: `redis://:${encodeURIComponent(secret)}@host` }],
    ['the name of a field', { [secret]: 1 }],
  ])('in %s', (_, fields) => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    createLogger({ level: 'trace', secrets: [secret], destination }).error(fields, 'm');
    const [line = ''] = lines;
    expect(() => JSON.parse(line)).not.toThrow();
    expect(line).not.toMatch(/pass.{1,8}word/);
  });
});
