import type { Standing } from '../../../src/overview/standing.ts';
import { textOf } from '../console-text.ts';

/** A component as HTML, and as people read it; both empty where it shows nothing. */
export function shown(part: unknown): { html: string; text: string } {
  const html = part === null ? '' : String(part);
  // A tag before a comma leaves a space that nobody sees.
  return { html, text: textOf(html).replace(/ (?=[,.:;])/g, '') };
}

/** A console at which all is well. */
export const WELL: Standing = {
  hold: undefined,
  waits: [],
  work: { backlog: 0, workers: 1 },
  isDurable: true,
  repaired: undefined,
};
