import { describe, expect, it } from 'vitest';
import { Draws } from '../../src/sandbox/faults/draws.ts';

const decisions = Array.from({ length: 10_000 }, (_, index) => `create p${index}@example.com`);

describe('Draws', () => {
  it('gives each decision the same numbers in any order of asking', () => {
    const [forward, backward] = [new Draws(7), new Draws(7)];
    const ahead = new Map(decisions.map((one) => [one, forward.next(one)]));
    const back = new Map(decisions.toReversed().map((one) => [one, backward.next(one)]));
    for (const one of decisions) expect(back.get(one)).toBe(ahead.get(one));
  });

  it('gives another number each time that a decision comes again', () => {
    const draws = new Draws(7);
    const numbers = Array.from({ length: 1000 }, () => draws.next('invite'));
    expect(new Set(numbers).size).toBe(1000);
  });

  it('spreads evenly over 0 to 1, over decisions and over repetitions', () => {
    const draws = new Draws(1);
    const over = decisions.map((one) => draws.next(one));
    const again = decisions.map(() => draws.next('read'));
    for (const numbers of [over, again]) {
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...numbers)).toBeLessThan(1);
      for (let from = 0; from < 10; from += 1) {
        const share = numbers.filter((one) => Math.floor(one * 10) === from).length;
        // 1,000 expected, standard deviation 30.
        expect(Math.abs(share - 1000)).toBeLessThan(150);
      }
    }
  });

  it('differs from seed to seed', () => {
    const [one, other] = [new Draws(1), new Draws(2)];
    const equal = decisions.filter((name) => one.next(name) === other.next(name));
    expect(equal).toEqual([]);
  });
});
