import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { Closers, interruption } from '../../src/process/shutdown.ts';
import { timings } from '../../src/timings.ts';

const brief = { ...timings, silenceMs: 500, silencePollMs: 50 };

function observed() {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ level: 'warn', destination });
  return { logger, logged: () => lines.map((line) => JSON.parse(line)) };
}

describe('Closers', () => {
  test('close what was opened, newest first and one after the other', async () => {
    const { logger, logged } = observed();
    const closers = new Closers(timings);
    const order: string[] = [];
    closers.add('redis', () => order.push('redis'));
    closers.add('queue', async () => {
      order.push('queue begins');
      await Promise.resolve();
      order.push('queue ends');
    });
    await closers.closeAll({ deadlineMs: 5000, logger });
    expect(order).toEqual(['queue begins', 'queue ends', 'redis']);
    expect(logged()).toEqual([]);
  });

  test('close each thing once, however often they are called', async () => {
    const { logger } = observed();
    const closers = new Closers(timings);
    let closed = 0;
    closers.add('one', () => {
      closed += 1;
    });
    await closers.closeAll({ deadlineMs: 5000, logger });
    await closers.closeAll({ deadlineMs: 5000, logger });
    expect(closed).toBe(1);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('no way'))],
    [
      'throws',
      () => {
        throw new Error('no way');
      },
    ],
  ])('continue when one %s, and say which', async (_, failing) => {
    const { logger, logged } = observed();
    const closers = new Closers(timings);
    let isClosed = false;
    closers.add('first', () => {
      isClosed = true;
    });
    closers.add('second', failing);
    await closers.closeAll({ deadlineMs: 5000, logger });
    expect(isClosed).toBe(true);
    expect(logged()).toMatchObject([{ part: 'second', reason: 'no way', msg: 'closing failed' }]);
  });

  test('have one deadline for all, and still start to close what comes after it', async () => {
    const { logger, logged } = observed();
    const closers = new Closers(timings);
    let isStarted = false;
    closers.add('after', () => {
      isStarted = true;
    });
    closers.add('stuck too', () => new Promise(() => undefined));
    closers.add('stuck', () => new Promise(() => undefined));
    const startedAt = Date.now();
    await closers.closeAll({ deadlineMs: 500, logger });
    expect(Date.now() - startedAt).toBeLessThan(950);
    expect(isStarted).toBe(true);
    const late = logged().filter(({ msg }) => msg === 'not closed within the deadline');
    expect(late.map(({ part }) => part)).toEqual(expect.arrayContaining(['stuck', 'stuck too']));
  });

  test('wait for nothing once what they depend on has been silent for `silenceMs`', async () => {
    const { logger, logged } = observed();
    const closers = new Closers(brief);
    closers.add('stuck', () => new Promise(() => undefined));
    closers.dependOn(() => Promise.reject(new Error('gone')));
    const startedAt = Date.now();
    await closers.closeAll({ deadlineMs: 60_000, logger });
    expect(Date.now() - startedAt).toBeGreaterThan(450);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect(logged()).toMatchObject([{ part: 'stuck', msg: 'not closed within the deadline' }]);
  });

  test('keep the deadline while what they depend on answers', async () => {
    const { logger } = observed();
    const closers = new Closers(brief);
    closers.add('slow', () => new Promise((resolve) => setTimeout(resolve, 800)));
    closers.dependOn(() => Promise.resolve('PONG'));
    const startedAt = Date.now();
    await closers.closeAll({ deadlineMs: 60_000, logger });
    expect(Date.now() - startedAt).toBeGreaterThan(750);
  });
});

describe('interruption', () => {
  test.each(['SIGINT', 'SIGTERM'])('aborts on the first %s', (signal) => {
    const source = new EventEmitter();
    let forced = 0;
    const interrupt = interruption(source, () => {
      forced += 1;
    });
    expect(interrupt.aborted).toBe(false);
    source.emit(signal);
    expect([interrupt.aborted, forced]).toEqual([true, 0]);
  });

  test('forces on the second signal, of either kind', () => {
    const source = new EventEmitter();
    let forced = 0;
    interruption(source, () => {
      forced += 1;
    });
    source.emit('SIGTERM');
    source.emit('SIGINT');
    expect(forced).toBe(1);
  });
});

describe('a terminal that is closed', () => {
  test('drains on SIGHUP as on SIGTERM, and forces on the second', () => {
    const source = new EventEmitter();
    let forced = 0;
    const interrupt = interruption(source, () => {
      forced += 1;
    });
    source.emit('SIGHUP');
    expect([interrupt.aborted, forced]).toEqual([true, 0]);
    source.emit('SIGHUP');
    expect(forced).toBe(1);
  });
});
