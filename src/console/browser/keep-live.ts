import { createAnnouncer } from './announcer.ts';
import { patchInside } from './patch.ts';
import { localTimes } from './times.ts';

/** A stream without a sign of life for this long is broken: the server sends one every 15 s. */
const SILENT_MS = 20_000;

/** How long a lost connection may take to come back before the page says so. */
const PATIENCE_MS = 4000;

interface PartsEvent {
  parts: Record<string, string>;
  /** When it was read, ms since the epoch. */
  at: number;
  state: string;
  text: string;
}

/** Keeps the numbers of the page up to date, and says when they are old. */
export function keepLive(address: string): void {
  const announce = createAnnouncer(document.querySelector('#spoken'));
  const fresh = createFreshness();
  let source: EventSource | undefined;
  let silence: number | undefined;

  const hear = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      fresh.old('The connection to the console is silent.');
      close();
      open();
    }, SILENT_MS);
  };
  const open = () => {
    if (source !== undefined || document.hidden) return;
    source = new EventSource(address);
    source.addEventListener('open', hear);
    source.addEventListener('beat', ({ data }) => {
      hear();
      const { at }: { at?: number } = JSON.parse(data);
      if (at !== undefined) fresh.live(at);
    });
    source.addEventListener('parts', ({ data }) => {
      hear();
      const event: PartsEvent = JSON.parse(data);
      for (const [name, html] of Object.entries(event.parts)) replacePart(name, html);
      fresh.live(event.at);
      announce(event.state, event.text);
    });
    source.addEventListener('away', ({ data }) => {
      hear();
      const { why }: { why: string } = JSON.parse(data);
      fresh.old(why);
    });
    source.addEventListener('error', () => fresh.lost());
  };
  const close = () => {
    clearTimeout(silence);
    source?.close();
    source = undefined;
  };
  // A hidden tab costs nothing.
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  fresh.lost();
  open();
}

function replacePart(name: string, html: string): void {
  const part = document.querySelector(`#part-${name}`);
  if (part === null) return;
  patchInside(part, html);
  localTimes(part);
}

/** Says how fresh the numbers are, above them when they are old. */
function createFreshness() {
  const line = document.querySelector('#fresh');
  const notice = document.querySelector<HTMLElement>('#notice');
  const main = document.querySelector('main');
  let at = document.querySelector('#fresh time')?.getAttribute('datetime') ?? '';
  let timer: number | undefined;

  const old = (why: string) => {
    clearTimeout(timer);
    timer = undefined;
    main?.classList.add('stale');
    if (notice === null) return;
    notice.hidden = false;
    notice.replaceChildren(`${why} The numbers below are those of `, timeOf(at), '.');
  };
  return {
    old,
    /** The connection may come back by itself in a moment. */
    lost() {
      timer ??= setTimeout(() => old('This page is not live.'), PATIENCE_MS);
    },
    live(readAt: number) {
      clearTimeout(timer);
      timer = undefined;
      at = new Date(readAt).toISOString();
      main?.classList.remove('stale');
      if (notice !== null) notice.hidden = true;
      line?.replaceChildren('Live. Numbers of ', timeOf(at), '.');
    },
  };
}

function timeOf(at: string): HTMLTimeElement {
  const time = document.createElement('time');
  time.dateTime = at;
  time.dataset.form = 'clock';
  time.title = `${at.slice(0, 19).replace('T', ' ')} UTC`;
  const holder = document.createElement('p');
  holder.append(time);
  localTimes(holder);
  return time;
}
