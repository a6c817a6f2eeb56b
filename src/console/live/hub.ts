import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../../errors.ts';
import type { Timings } from '../../timings.ts';

/** A reading that is shared by everybody who watches the same page. */
export interface Topic<T> {
  /** Viewers of one key share one reading. */
  key: string;
  read(): Promise<T>;
  /** Whether the next reading is due after a second, instead of five. */
  isMoving(value: T): boolean;
}

export type Heard<T> = { kind: 'read'; value: T } | { kind: 'failed'; error: unknown };

interface Watched {
  listeners: Set<(heard: Heard<unknown>) => void>;
  last: Heard<unknown> | undefined;
  timer: NodeJS.Timeout | undefined;
}

export interface Hub {
  /** Reads while somebody listens. Returns the function that ends it. */
  watch<T>(topic: Topic<T>, listener: (heard: Heard<T>) => void): () => void;
  close(): void;
}

/**
 * Reads what is watched once a second while it moves, and every five seconds otherwise, however many
 * people watch. The next reading starts after the one before has ended, so a slow Redis gets no queue
 * of readings.
 */
export function createHub({ liveMovingMs, liveStillMs, liveReadMs }: Timings): Hub {
  const watched = new Map<string, Watched>();

  async function readOnce<T>(topic: Topic<T>, entry: Watched): Promise<void> {
    const heard = await hear(topic, liveReadMs);
    if (watched.get(topic.key) !== entry) return;
    entry.last = heard;
    for (const listener of entry.listeners) listener(heard);
    // The last listener may have left because of what it heard.
    if (watched.get(topic.key) !== entry) return;
    const isSoon = heard.kind === 'failed' ? mayComeBack(heard) : topic.isMoving(heard.value);
    entry.timer = setTimeout(() => readOnce(topic, entry), isSoon ? liveMovingMs : liveStillMs);
  }

  function start<T>(topic: Topic<T>): Watched {
    const entry: Watched = { listeners: new Set(), last: undefined, timer: undefined };
    watched.set(topic.key, entry);
    void readOnce(topic, entry);
    return entry;
  }

  function leave(key: string, entry: Watched, listener: (heard: Heard<unknown>) => void): void {
    entry.listeners.delete(listener);
    if (entry.listeners.size > 0 || watched.get(key) !== entry) return;
    clearTimeout(entry.timer);
    watched.delete(key);
  }

  return {
    watch<T>(topic: Topic<T>, listener: (heard: Heard<T>) => void) {
      const entry = watched.get(topic.key) ?? start(topic);
      // One of its own for each call: the same function may listen twice.
      const listen = (heard: Heard<unknown>) => listener(heard as Heard<T>);
      entry.listeners.add(listen);
      if (entry.last !== undefined) listen(entry.last);
      return () => leave(topic.key, entry, listen);
    },
    close() {
      for (const entry of watched.values()) clearTimeout(entry.timer);
      watched.clear();
    },
  };
}

/** Whether the next reading can succeed at once: Redis comes back, a batch that is gone does not. */
function mayComeBack({ error }: { error: unknown }): boolean {
  return !(error instanceof OnboardError);
}

/** The first thing that is heard of a topic: the last reading of somebody who watches, or a new one. */
export function firstHeard<T>(hub: Pick<Hub, 'watch'>, topic: Topic<T>): Promise<Heard<T>> {
  return new Promise((resolve) => {
    const leave = hub.watch(topic, (heard) => {
      resolve(heard);
      // The listener can be called before `watch` returns.
      queueMicrotask(() => leave());
    });
  });
}

/** Reads once. A Redis that hangs counts as away, or old numbers would stay without a word. */
async function hear<T>(topic: Topic<T>, withinMs: number): Promise<Heard<T>> {
  const late = new AbortController();
  const limit = sleep(withinMs, undefined, { signal: late.signal }).then(() => {
    throw new Error('the reading took too long');
  });
  limit.catch(() => undefined);
  try {
    return { kind: 'read', value: await Promise.race([topic.read(), limit]) };
  } catch (error) {
    return { kind: 'failed', error };
  } finally {
    late.abort();
  }
}
