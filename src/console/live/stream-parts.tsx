import { setTimeout as sleep } from 'node:timers/promises';
import { streamSSE } from 'hono/streaming';
import { OnboardError } from '../../errors.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { loggedFault } from '../logged-fault.ts';
import type { ConsoleContext } from '../route.ts';
import type { Heard, Topic } from './hub.ts';
import { latestOnly } from './latest-only.ts';
import type { RenderedPage } from './render-parts.tsx';

/** What is read, with the time of its reading in ms. */
interface Reading {
  now: number;
}

interface Watching<T extends Reading> {
  topic: Topic<T>;
  render: (value: T) => RenderedPage;
  /** When the page that listens was read, ms since the epoch; 0 where it does not say. */
  shownAt: number;
}

type Streaming = Pick<ConsoleDeps, 'hub' | 'auth' | 'timings' | 'logger' | 'now'>;

interface StreamEvent {
  event: 'parts' | 'away' | 'beat';
  data: string;
}

/** Signs of life that a browser may leave unread, one after another, before its stream ends. */
const MOST_UNREAD = 3;

/** Sentence for a page whose reading failed. A batch that was purged is no fault of Redis. */
function whyFailed(error: unknown): string {
  if (error instanceof OnboardError)
    return `This page cannot be read any more (${error.code}): reload it.`;
  return 'Redis does not answer.';
}

/**
 * Sends the parts of a page as server-sent events: first all, then those that changed. Parts of one
 * event come from one reading, and none is older than the page. A browser that reads slowly gets the
 * latest reading, and the stream ends with the viewer's session.
 */
export function streamParts<T extends Reading>(
  deps: Streaming,
  c: ConsoleContext,
  { topic, render, shownAt }: Watching<T>,
): Response {
  const eventOf = createEvents(deps, render);
  // Without it nginx collects a stream before it passes it on.
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, async (stream) => {
    const left = new AbortController();
    stream.onAbort(() => left.abort());
    const outlet = latestOnly(async (said: Heard<T> | 'beat') => {
      const event = said === 'beat' ? beatOf(readAt) : eventOf(said);
      if (event !== undefined) await stream.writeSSE(event);
    });
    let readAt: number | undefined;
    const leave = deps.hub.watch(topic, (heard) => {
      const isOld = heard.kind === 'read' && isOlder(heard.value, shownAt, deps.now());
      readAt = isOld ? shownAt : timeOf(heard);
      outlet.send(isOld ? 'beat' : heard);
    });
    const beat = () => {
      const isRead = !outlet.isBusy();
      if (isRead) outlet.send('beat');
      return isRead;
    };
    await untilOver(deps, c, { beat, signal: left.signal }).finally(leave);
    if (!outlet.isBusy()) return;
    // Whatever is on its way would wait for a browser that does not read.
    stream.abort();
    c.env?.outgoing?.destroy();
  });
}

/**
 * Whether a reading was taken before the page: somebody else's last one can be, by five seconds, and
 * would undo on the page what its viewer has just changed. A page of the future is no measure: the
 * clock was set back.
 */
function isOlder(value: Reading, shownAt: number, now: number): boolean {
  return value.now < shownAt && shownAt <= now;
}

function timeOf(heard: Heard<Reading>): number | undefined {
  return heard.kind === 'failed' ? undefined : heard.value.now;
}

/** A sign of life, with the time of the last reading: one that changed nothing sends no event of its own. */
function beatOf(readAt: number | undefined): StreamEvent {
  return { event: 'beat', data: JSON.stringify({ at: readAt }) };
}

/** Makes the event of a reading: all parts, then those that changed; undefined where none has. */
function createEvents<T extends Reading>(
  { logger }: Pick<Streaming, 'logger'>,
  render: Watching<T>['render'],
) {
  const sent = new Map<string, string>();
  let hasFailed = false;

  const away = (why: string): StreamEvent => {
    sent.clear();
    return { event: 'away', data: JSON.stringify({ why }) };
  };

  const parts = (value: T): StreamEvent | undefined => {
    const { parts, ...others } = render(value);
    const changed = Object.entries(parts).filter(([name, html]) => sent.get(name) !== html);
    if (changed.length === 0) return undefined;
    for (const [name, html] of changed) sent.set(name, html);
    const data = JSON.stringify({ parts: Object.fromEntries(changed), ...others });
    return { event: 'parts', data };
  };

  return (heard: Heard<T>): StreamEvent | undefined => {
    if (heard.kind === 'failed') return away(whyFailed(heard.error));
    try {
      return parts(heard.value);
    } catch (error) {
      // Once for each stream: it is made every second.
      if (!hasFailed) logger.error(loggedFault(error), 'page failed');
      hasFailed = true;
      return away('This page failed: the log of the console has the reason.');
    }
  };
}

interface Watched {
  /** Sends a sign of life; false where the one before is not read yet. */
  beat(): boolean;
  /** Aborted when the browser leaves. */
  signal: AbortSignal;
}

/** Waits until the browser leaves or reads no more, or the session of its viewer ends. */
async function untilOver(
  { auth, timings, now }: Streaming,
  c: ConsoleContext,
  { beat, signal }: Watched,
): Promise<void> {
  const pauseMs = Math.min(timings.liveViewerMs, timings.liveBeatMs);
  let beatenAt = now();
  let unread = 0;
  for (;;) {
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted || auth.stillKnows?.(c.get('viewer')) === false) return;
    if (now() - beatenAt < timings.liveBeatMs) continue;
    beatenAt = now();
    const identified = auth.identify(c, { isActivity: false });
    if ((await identified.catch(() => c.get('viewer'))) === undefined) return;
    unread = beat() ? 0 : unread + 1;
    if (unread > MOST_UNREAD) return;
  }
}
