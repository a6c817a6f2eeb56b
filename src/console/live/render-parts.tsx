import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Standing } from '../../overview/standing.ts';
import type { Role } from '../auth/roles.ts';
import { Banners } from '../pages/parts/banners.tsx';
import type { Reader } from '../reader.ts';

export type Parts = Readonly<Record<string, JSX.Element | null>>;

/** Text for screen readers: spoken at once when `state` changes, and now and then otherwise. */
interface Spoken {
  state: string;
  text: string;
}

/** The parts of a page as HTML, with the time of their reading in ms. */
export interface RenderedPage extends Spoken {
  parts: Record<string, string>;
  at: number;
}

/** What a page was made from. */
export interface Moment {
  standing: Standing;
  /** When it was read, ms since the epoch. */
  now: number;
}

/** How a page is made from what was read. */
export interface Rendering<T> {
  /** Every part that can change, by its name. */
  parts(value: T, reader: Reader): Parts;
  spoken(value: T): Spoken;
}

/** Renders each reading once for each role, however many people watch it. */
export function createRenderer<T extends Moment>(page: Rendering<T>) {
  const rendered = new WeakMap<T, Map<Role, RenderedPage>>();
  return (value: T, role: Role): RenderedPage => {
    const byRole = rendered.get(value) ?? new Map<Role, RenderedPage>();
    rendered.set(value, byRole);
    const known = byRole.get(role);
    if (known !== undefined) return known;
    const reader = { role, now: value.now };
    const banners = <Banners standing={value.standing} reader={reader} />;
    const elements = Object.entries({ banners, ...page.parts(value, reader) });
    const texts = elements.map(
      ([name, element]) => [name, element === null ? '' : String(element)] as const,
    );
    const made = { parts: Object.fromEntries(texts), at: value.now, ...page.spoken(value) };
    byRole.set(role, made);
    return made;
  };
}
