import { streamSSE } from 'hono/streaming';
import { OnboardError } from '../../errors.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { ConsoleContext } from '../route.ts';
import type { Heard, Topic } from './hub.ts';
import type { RenderedPage } from './render-parts.tsx';

interface Watching<T> {
  topic: Topic<T>;
  render: (value: T) => RenderedPage;
}

/** Sentence for a page whose reading failed. A batch that was purged is no fault of Redis. */
function whyFailed(error: unknown): string {
  if (error instanceof OnboardError)
    return `This page cannot be read any more (${error.code}): reload it.`;
  return 'Redis does not answer.';
}

/**
 * Sends the parts of a page as server-sent events: first all, then those that changed. Parts of one
 * event come from one reading. The stream ends with the viewer's session.
 */
export function streamParts<T>(
  deps: ConsoleDeps,
  c: ConsoleContext,
  { topic, render }: Watching<T>,
): Response {
  const { liveBeatMs, liveViewerMs } = deps.timings;
  const sent = new Map<string, string>();
  const eventOf = (heard: Heard<T>): { event: string; data: string } | undefined => {
    if (heard.kind === 'failed') {
      sent.clear();
      return { event: 'away', data: JSON.stringify({ why: whyFailed(heard.error) }) };
    }
    const { parts, ...others } = render(heard.value);
    const changed = Object.entries(parts).filter(([name, html]) => sent.get(name) !== html);
    if (changed.length === 0) return undefined;
    for (const [name, html] of changed) sent.set(name, html);
    return {
      event: 'parts',
      data: JSON.stringify({ parts: Object.fromEntries(changed), ...others }),
    };
  };
  // Without it nginx collects a stream before it passes it on.
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, async (stream) => {
    const leave = deps.hub.watch(topic, (heard) => {
      const event = eventOf(heard);
      if (event !== undefined) void stream.writeSSE(event);
    });
    stream.onAbort(leave);
    let beatenAt = deps.now();
    while (!stream.aborted && !stream.closed) {
      await stream.sleep(Math.min(liveViewerMs, liveBeatMs));
      if (stream.aborted || deps.auth.stillKnows?.(c.get('viewer')) === false) break;
      if (deps.now() - beatenAt < liveBeatMs) continue;
      beatenAt = deps.now();
      const identified = deps.auth.identify(c, { isActivity: false });
      if ((await identified.catch(() => c.get('viewer'))) === undefined) break;
      await stream.writeSSE({ event: 'beat', data: '' });
    }
    leave();
  });
}
