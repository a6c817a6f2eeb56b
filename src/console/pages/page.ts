import type { Child } from 'hono/jsx';
import type { Standing } from '../../overview/standing.ts';

/** Content that a page puts into the frame that all pages have. */
export interface Page {
  title: string;
  /** The entry of the navigation that is marked. */
  nav?: string;
  /** Absent where it could not be read. */
  standing?: Standing | undefined;
  /** When the numbers were read, ms since the epoch; absent on a page without any. */
  readAt?: number | undefined;
  /** Address of the stream that keeps the page up to date. */
  live?: string | undefined;
  body: Child;
}
