import { expect, test } from 'vitest';
import { createThrottle } from '../../../src/console/auth/throttle.ts';
import { timings } from '../../../src/timings.ts';

function open() {
  let now = 0;
  const throttle = createThrottle(timings, () => now);
  return { throttle, pass: (ms: number) => (now += ms) };
}

const ANA = [{ key: 'name ana', free: 2 }];

test('each wrong attempt doubles the wait, up to a minute', () => {
  const { throttle, pass } = open();
  const waits = Array.from({ length: 12 }, () => {
    const begun = throttle.begin(ANA);
    const wait = throttle.begin(ANA);
    pass(wait);
    return [begun, wait];
  });
  expect(waits.map(([begun]) => begun)).toEqual(waits.map(() => 0));
  expect(waits.map(([, wait]) => wait)).toEqual([
    ...[0, 1000, 2000, 4000, 8000, 16_000, 32_000],
    ...[60_000, 60_000, 60_000, 60_000, 60_000],
  ]);
});

test('a success, or a quarter of an hour without an attempt, begins anew', () => {
  const { throttle, pass } = open();
  for (const end of [() => throttle.succeeded(ANA), () => pass(timings.signInForgetMs)]) {
    for (let wrong = 0; wrong < 3; wrong += 1) throttle.begin(ANA);
    expect(throttle.begin(ANA)).toBe(1000);
    end();
    expect(throttle.begin(ANA)).toBe(0);
    throttle.succeeded(ANA);
  }
});

test('guesses of endless names do not fill the memory, nor free the address that they come from', () => {
  const { throttle } = open();
  const address = { key: 'address', free: 30_000 };
  for (let name = 0; name < 25_000; name += 1) {
    throttle.begin([{ key: `name ${name}`, free: 0 }, address]);
  }
  expect(throttle.begin([{ key: 'name 24999', free: 0 }])).toBe(1000);
  expect(throttle.begin([{ key: 'name 0', free: 0 }])).toBe(0);
  for (let more = 0; more < 5001; more += 1) throttle.begin([address]);
  expect(throttle.begin([address])).toBe(1000);
});
