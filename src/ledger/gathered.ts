import { atTurnEnd } from '../turn-end.ts';
import { damageOf } from './damaged.ts';
import type { Ledger } from './ledger.ts';

/** Items of one call at most: a row takes Redis 15 to 20 microseconds, and others wait meanwhile. */
const MOST_ITEMS = 50;

/** An operation of the ledger that can do many items in one trip. */
export interface GatheredOperation<I, R> {
  /** Items with the same text go together. */
  groupOf: (item: I) => string;
  /** Does the items of one group in order, and returns their replies in the same order. */
  run: (ledger: Ledger, items: readonly I[]) => Promise<readonly R[]>;
}

interface Waiting<I, R> {
  item: I;
  resolve: (reply: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes one operation of many: the items that come in one turn of the event loop take one trip to
 * Redis together. A command of its own for each row cost a fifth of a worker's CPU time. When
 * a value in Redis makes a call fail, each of its items is tried alone, so that damage of one row
 * stops no other: an operation must be safe to repeat.
 */
export function gathered<I, R>(operation: GatheredOperation<I, R>) {
  const byLedger = new WeakMap<Ledger, Map<string, Waiting<I, R>[]>>();

  const send = async (ledger: Ledger, group: readonly Waiting<I, R>[]): Promise<void> => {
    try {
      const items = group.map(({ item }) => item);
      const replies = await operation.run(ledger, items);
      for (const [index, reply] of replies.entries()) group[index]?.resolve(reply);
    } catch (error) {
      const mayBeOne = group.length > 1 && damageOf(error) !== undefined;
      if (mayBeOne) for (const each of group) await send(ledger, [each]);
      else for (const { reject } of group) reject(error);
    }
  };

  const sendAll = (ledger: Ledger): void => {
    const groups = byLedger.get(ledger) ?? new Map<string, Waiting<I, R>[]>();
    byLedger.delete(ledger);
    for (const group of groups.values()) {
      for (let first = 0; first < group.length; first += MOST_ITEMS) {
        void send(ledger, group.slice(first, first + MOST_ITEMS));
      }
    }
  };

  return (ledger: Ledger, item: I): Promise<R> =>
    new Promise((resolve, reject) => {
      let groups = byLedger.get(ledger);
      if (groups === undefined) {
        groups = new Map();
        byLedger.set(ledger, groups);
        atTurnEnd(() => sendAll(ledger));
      }
      const name = operation.groupOf(item);
      const waiting = { item, resolve, reject };
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [waiting]);
      else group.push(waiting);
    });
}
