import { expect, test } from 'vitest';
import { afterTurn, atTurnEnd } from '../src/turn-end.ts';

test('work at the end of a turn is done before what it sends is written, in the same turn', async () => {
  const done: string[] = [];
  afterTurn(() => done.push('write of this turn'));
  atTurnEnd(() => {
    done.push('work');
    afterTurn(() => done.push('write of the work'));
  });
  queueMicrotask(() => done.push('another event'));
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect(done).toEqual(['another event', 'work', 'write of this turn', 'write of the work']);
});

test('work that comes at the end of a turn waits for the end of the next', async () => {
  const done: string[] = [];
  const later = new Promise<void>((resolve) => {
    atTurnEnd(() => {
      atTurnEnd(() => {
        done.push('second');
        resolve();
      });
      afterTurn(() => done.push('first written'));
    });
  });
  await later;
  expect(done).toEqual(['first written', 'second']);
});
