import { describe, expect, it } from 'vitest';
import { resolveLimits } from '../../src/sandbox/limits/limit-figures.ts';
import {
  FixedWindow,
  PeakRate,
  SlidingWindow,
  type Span,
} from '../../src/sandbox/limits/rate-windows.ts';

/** A constant span. */
function span(limit: number, windowMs: number): Span {
  return () => ({ limit, windowMs });
}

describe('SlidingWindow', () => {
  it('gives a permit back exactly one window after it was taken', () => {
    const window = new SlidingWindow(span(2, 1000));
    const moments = [0, 400, 999, 1000, 1399, 1400];
    const taken = moments.map((at) => window.take(at));
    expect(taken).toEqual([true, true, false, true, false, true]);
  });

  it('does not count what it refused', () => {
    const window = new SlidingWindow(span(1, 1000));
    expect(window.take(0)).toBe(true);
    for (let at = 1; at < 1000; at += 1) window.take(at);
    expect(window.take(1000)).toBe(true);
  });

  it('takes everything without a limit', () => {
    const window = new SlidingWindow(span(Number.POSITIVE_INFINITY, 1000));
    expect(Array.from({ length: 5000 }, () => window.take(0)).every(Boolean)).toBe(true);
  });

  it('never holds more than the limit in any window, over many windows', () => {
    const window = new SlidingWindow(span(100, 1000));
    const admitted: number[] = [];
    for (let at = 0; at < 100_000; at += 3) if (window.take(at)) admitted.push(at);
    const tooDense = admitted.filter((at, index) => at - (admitted[index - 100] ?? -1000) < 1000);
    expect(tooDense).toEqual([]);
    expect(admitted.length).toBeGreaterThan(9_800);
  });
});

describe('FixedWindow', () => {
  it('begins with its first permit and then starts afresh', () => {
    const window = new FixedWindow(span(2, 1000));
    const moments = [500, 600, 700, 1499, 1500, 1501, 1502];
    const taken = moments.map((at) => window.take(at));
    expect(taken).toEqual([true, true, false, false, true, true, false]);
    expect(window.resetsAt).toBe(2500);
  });

  it('tells what is left', () => {
    const window = new FixedWindow(span(3, 1000));
    expect(window.remaining(0)).toBe(3);
    window.take(0);
    expect(window.remaining(999)).toBe(2);
    expect(window.remaining(1000)).toBe(3);
  });

  it('is endless without a limit', () => {
    const window = new FixedWindow(span(Number.POSITIVE_INFINITY, 1000));
    expect(window.take(0)).toBe(true);
    expect(window.remaining(0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('PeakRate', () => {
  it('remembers the densest window', () => {
    const rate = new PeakRate(1000);
    for (const at of [0, 10, 20, 1005, 1009, 5000]) rate.add(at);
    expect(rate.highest).toBe(4);
  });

  it('agrees with counting by hand over many events', () => {
    const rate = new PeakRate(50);
    const moments = Array.from({ length: 20_000 }, (_, index) => index + ((index * 7) % 13));
    moments.sort((one, other) => one - other);
    let highest = 0;
    for (const [index, at] of moments.entries()) {
      rate.add(at);
      const recent = moments.slice(Math.max(0, index - 200), index + 1);
      highest = Math.max(highest, recent.filter((one) => one > at - 50).length);
    }
    expect(rate.highest).toBe(highest);
  });
});

describe('resolveLimits', () => {
  it('is the published figures by default', () => {
    expect(resolveLimits()).toMatchObject({
      requestsPerMinute: 1500,
      concurrentReads: 50,
      concurrentWrites: 15,
      writesPerDay: 10_000,
      resendsPerQuarterHour: 5,
      invitationsPerDay: Number.POSITIVE_INFINITY,
    });
  });

  it.each([0, undefined])('takes %s for off and keeps the others', (figure) => {
    const limits = resolveLimits({ requestsPerMinute: figure });
    expect(limits.requestsPerMinute).toBe(Number.POSITIVE_INFINITY);
    expect(limits.concurrentWrites).toBe(15);
  });
});
